#!/bin/sh
# bench-fit: time cupel-fit on 20,000 pairs of 23 features, beside the same
# formula written straight down in Python in the same run. Python is given 20
# iterations and must arrive at the same weights; its time for 1,000 is that of
# the 20 multiplied. Not a test: it prints figures. Usage: bench-fit.sh
# [BUILD-DIRECTORY]
set -eu
bin=$(cd "${1:-.}/bin" && pwd)
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"

# generate: 4,000 prompts with a perfect, two bad and a disallowed completion
generate() {
	awk 'function draw(n) { seed = (seed * 16807) % 2147483647; return seed % n }
	function completion(prompt, type, share,   f, s) {
		for (f = 0; f < 23; f++)
			s = s sprintf("%s\"f%02d\":%.4f", f ? "," : "", f,
				draw(5000) / 1e4 + (draw(100) < share ? 0.5 : 0))
		printf "{\"id\":%d,\"response_type\":\"refuse\",\"completion_type\":\"%s\",\"rm_score\":%.3f,\"features\":{%s}}\n",
			prompt, type, draw(8000) / 1e3 - 4, s
	}
	BEGIN {
		seed = 1
		for (p = 0; p < 4000; p++) {
			completion(p, "perfect", 70); completion(p, "bad", 50)
			completion(p, "bad", 50); completion(p, "disallowed", 30)
		}
	}'
}

generate >data.jsonl
echo '{"refuse":{"perfect":["bad","disallowed"],"bad":["disallowed"]}}' >o.json
cat >fit.py <<'P'
import json, math, sys, time

N = 20
above = {("perfect", "bad"), ("perfect", "disallowed"), ("bad", "disallowed")}
groups = {}
for line in open("data.jsonl"):
    r = json.loads(line)
    groups.setdefault(r["id"], []).append(r)
names = sorted(r["features"])
pairs = []
for g in groups.values():
    for a in g:
        for b in g:
            if (a["completion_type"], b["completion_type"]) in above:
                pairs.append((1 + b["rm_score"] - a["rm_score"],
                    [a["features"][k] - b["features"][k] for k in names]))
w = [0.0] * len(names)
m = [0.0] * len(names)
v = [0.0] * len(names)
start = time.perf_counter()
for t in range(1, N + 1):
    g = [0.0] * len(names)
    for need, d in pairs:
        if need - sum(x * y for x, y in zip(w, d)) > 0:
            for i, x in enumerate(d):
                g[i] -= x
    for i in range(len(w)):
        gi = g[i] / len(pairs)
        m[i] = 0.9 * m[i] + 0.1 * gi
        v[i] = 0.999 * v[i] + 0.001 * gi * gi
        w[i] *= 1 - 0.01 * 0.05
        w[i] -= 0.01 * (m[i] / (1 - 0.9 ** t)) / (
            math.sqrt(v[i] / (1 - 0.999 ** t)) + 1e-8)
seconds = time.perf_counter() - start
ours = json.load(open("w20.json"))["weights"]["refuse"]
print("pairs", len(pairs), "features", len(names))
print("largest difference of a weight after %d iterations: %.3g" % (
    N, max(abs(ours[k] - x) for k, x in zip(names, w))))
print("python, 1000 iterations: %.1f s (%d timed)" % (
    seconds / N * 1000, N))
P

# seconds ARGUMENT...: of processor time that cupel-fit takes; the least of five
seconds() {
	for _ in 1 2 3 4 5; do
		sh -c '"$@"; times' - "$bin/cupel-fit" --train 1 \
			--orderings o.json "$@" data.jsonl 2>/dev/null |
			tail -n 1 | awk '{ split($1, t, /[ms]/); print t[1] * 60 + t[2] }'
	done | sort -n | head -n 1
}

"$bin/cupel-fit" --train 1 --orderings o.json --iterations 20 -o w20.json data.jsonl
all=$(seconds -o w.json)
none=$(seconds --iterations 0 -o w.json)
echo "cupel-fit, 1000 iterations: $(echo "$all $none" | awk '{ print $1 - $2 }') s, and $none s to read and report"
echo "cupel-fit --solver exact: $(seconds --solver exact -o w.json) s in all"
command -v python3 >/dev/null || exit 0
python3 fit.py
