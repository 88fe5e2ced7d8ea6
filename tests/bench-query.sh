#!/bin/sh
# bench-query: ask nginx, which answers each request with the same reply, on
# loopback, 64 at a time, and compare with what wrk reaches on the same server;
# then the memory of a long run. Three rounds in turn, as the machine has other
# things to do. Not a test: it prints figures. Needs nginx and wrk, which are on
# no list of packages. Usage: bench-query.sh [BUILD-DIRECTORY [RECORDS]]
set -eu
bin=$(cd "${1:-.}/bin" && pwd)
records=${2:-100000}
for tool in nginx wrk; do
	command -v $tool >/dev/null && continue
	echo "bench-query: $tool is not there"
	exit 0
done
dir=$(mktemp -d)
trap 'kill "$(cat "$dir/pid")" 2>/dev/null; rm -rf "$dir"' EXIT
port=18179
url=http://127.0.0.1:$port/v1

# A reply and a question as long as they are in grading: some hundred bytes.
cat >"$dir/conf" <<E
worker_processes 1;
pid $dir/pid;
error_log $dir/err;
events { worker_connections 1024; }
http {
	access_log off;
	keepalive_requests 100000000;
	client_body_temp_path $dir/b;
	proxy_temp_path $dir/p;
	fastcgi_temp_path $dir/f;
	uwsgi_temp_path $dir/u;
	scgi_temp_path $dir/s;
	server {
		listen 127.0.0.1:$port;
		location / {
			default_type application/json;
			return 200 '{"id":"chatcmpl-1","object":"chat.completion","created":1700000000,"model":"bench","choices":[{"index":0,"message":{"role":"assistant","content":"Drink water and rest. See a doctor if it lasts more than two days."},"finish_reason":"stop"}],"usage":{"prompt_tokens":100,"completion_tokens":20,"total_tokens":120}}';
		}
	}
}
E
nginx -c "$dir/conf"
awk -v n="$records" 'BEGIN { while (length(x) < 200) x = x "words "
	for (i = 0; i < n; i++)
		printf "{\"id\":%d,\"prompt\":[{\"role\":\"user\",\"content\":\"%s%d\"}]}\n", i, x, i }' >"$dir/in"
cat >"$dir/post.lua" <<'E'
wrk.method = "POST"
wrk.body = '{"model":"bench","messages":[{"role":"user","content":"' .. string.rep("words ", 34) .. '"}]}'
wrk.headers["Content-Type"] = "application/json"
E

# seconds COMMAND...: how long it takes, and its processor time: "wall cpu"
seconds() {
	TIMEFORMAT='%R %U %S' bash -c 'time "$@" >/dev/null 2>&1' - "$@" 2>&1 |
		awk '{ print $1, $2 + $3 }'
}

for round in 1 2 3; do
	wrk -t1 -c64 -d3 -s "$dir/post.lua" "$url/chat/completions" >"$dir/wrk"
	theirs=$(sed -n 's/^Requests.sec: *//p' "$dir/wrk")
	ours=$(seconds "$bin/cupel-query" -m bench -j 64 -u "$url" "$dir/in")
	echo "$records $theirs $ours" | awk -v round=$round '{
		printf "round %d: wrk %d requests/s, cupel-query %d records/s (ratio %.2f), %.1f us of processor time each\n",
			round, $2, $1 / $3, $1 / $3 / $2, $4 / $1 * 1e6 }'
done
"$bin/cupel-query" -m bench -j 64 -u "$url" "$dir/in" >"$dir/out" &
pid=$!
peak=0
while now=$(sed -n 's/^VmHWM:[^0-9]*\([0-9]*\).*/\1/p' "/proc/$pid/status" 2>/dev/null) && [ -n "$now" ]; do
	peak=$now
	sleep 0.05
done
wait $pid
echo "$records records: peak memory $((peak / 1024)) MB, $(wc -l <"$dir/out") lines out"
"$bin/cupel-query" -m bench -j 64 -u "$url" --journal "$dir/j" "$dir/in" >/dev/null
ours=$(seconds "$bin/cupel-query" -m bench -j 64 -u "$url" --journal "$dir/j" "$dir/in")
echo "$records $ours" | awk '{ printf "from the journal: %d records/s\n", $1 / $2 }'
