#!/bin/sh
# https: TLS, HTTP/2 and proxies, and how it goes when they go wrong. The server
# is tests/server.c: it repeats what it was asked, out of order.
. "$(dirname "$0")/tap.sh"
has_tool query || skip_all 'cupel-query is not built'
[ -x "$builddir/tests/server" ] || skip_all 'there is no libssl for the server'
PATH=$builddir/tests:$PATH
unset CURL_CA_BUNDLE SSL_CERT_FILE
OPENAI_API_KEY=the-key-of-this-test
export OPENAI_API_KEY

# prompts N: so many records
prompts() {
	awk -v n="$1" 'BEGIN { for (i = 1; i <= n; i++)
		printf "{\"id\":%d,\"prompt\":\"question %d\"}\n", i, i }'
}

# run COMMAND...: into out, err and status; shown keeps it all
run() {
	: >log
	timeout 60 "$@" >out 2>err
	status=$?
	cat out err >>shown
}
# ask SERVER-OPTIONS QUERY-OPTION...: both run, on the records in the file in
ask() {
	options=$1
	shift
	# shellcheck disable=SC2086 # words
	run server --log log $options cupel-query -m any "$@" in
}
tls() {
	options="--cert cert --key key $1"
	shift
	ask "$options" "$@"
}
h2() {
	options="--h2 $1"
	shift
	tls "$options" "$@"
}

# answered NAME N: so many questions were, each with its own words, in order
answered() {
	jq -r 'select(.completion[0].content == .prompt) | .id' out >ids
	[ "$status" = 0 ] && prompts "$2" | jq .id | cmp -s - ids
	report $? "$1" || {
		echo "status $status, $(wc -l <ids) answers"
		head -n 5 err out
	} | cut -c1-300 | diag
}
# ended NAME: the last run did, without output, after one connection
ended() { is "$1" "$status $(wc -c <out) $(count ^accept)" '2 0 1'; }

# count PATTERN: the log's lines that match
count() { grep -cE "$1" log; }
at_most() {
	[ "$2" -le "$3" ]
	report $? "$1: $2"
}
at_least() {
	[ "$2" -ge "$3" ]
	report $? "$1: $2"
}

# says NAME PATTERN: a message of the last run does
says() {
	grep -qE "^cupel-query: .*$2" err
	report $? "$1" || diag <err
}
# silent NAME WORD FILE...: the word is in none of the files
silent() {
	name=$1
	shift
	! grep -F "$@" >said
	report $? "$name" || diag <said
}

# Without TLS, for which libcurl only connects.
prompts 200 >in
ask '--latency 40 --cut 20 --drop 20' -j 32
answered 'replies out of order, some cut: each record has its own' 200
is 'which befell some' "$(count '^req.*cut') $(count '^req.*drop')" '10 10'
ask '' -j 8
answered 'eight at a time' 200
at_most 'are so many connections' "$(count ^accept)" 8

# An authority of our own, and what it signed.
command -v openssl >/dev/null || {
	skip 'TLS' 'there is no openssl'
	finish
}
curve='-newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes'
authority() {
	# shellcheck disable=SC2086 # words
	openssl req -x509 $curve -subj "/CN=$1" -keyout "$1.key" -out "$1.pem"
}
sign() {
	openssl x509 -req -in request -CA ours.pem -CAkey ours.key \
		-CAcreateserial -extfile names "$@"
}
certificates() {
	echo 'subjectAltName=IP:127.0.0.1,IP:0.0.0.0,DNS:model.invalid' >names
	# shellcheck disable=SC2086 # words
	authority ours && authority other &&
		openssl req $curve -subj /CN=test -keyout key -out request &&
		sign -days 2 -out cert && {
		sign -days -1 -out old || sign -out old \
			-not_before 20200101000000Z -not_after 20200102000000Z
	}
}
ok 'certificates' certificates 2>made || diag <made

SSL_CERT_FILE=ours.pem
export SSL_CERT_FILE
tls '' -j 8
answered 'TLS: eight at a time' 200
is 'are HTTP/1.1 where nothing else is offered' "$(count '^conn.*/1.1')" \
	"$(count ^accept)"
at_most 'and so many connections' "$(count ^accept)" 8
h2 '--latency 20' -j 8
answered 'HTTP/2: eight at a time' 200
is 'are one connection' "$(count ^accept) $(count '^conn.*h2')" '1 1'
is 'that has all of them' \
	"$(awk '/^req/ && $4 > n { n = $4 } END { print n }' log)" 8
h2 '--streams 4' -j 32
answered 'HTTP/2: no more at a time than the server takes' 200
is 'in a connection' \
	"$(awk '/^req/ && $4 > n { n = $4 } END { print n }' log)" 4
prompts 20 >in
h2 '' -j 8 --http1
answered '--http1' 20
is 'is heard' "$(count '^conn.*h2')" 0

# What goes wrong and passes.
prompts 200 >in
tls '--latency 40 --cut 20 --drop 20' -j 32
answered 'TLS: replies out of order, some cut: each record has its own' 200
is 'which befell some' "$(count '^req.*cut') $(count '^req.*drop')" '10 10'
h2 '--latency 40 --cut 100 --drop 100 --reset 20 --goaway 100' -j 32
answered 'HTTP/2: replies out of order, some cut: each record has its own' 200
is 'which befell some' "$(awk '/^req/ && $5 != "-" { print $5 }' log | sort |
	uniq -c | tr -s '\n ' ' ')" ' 2 cut 2 drop 2 goaway 10 reset '
prompts 20 >in
h2 '--goaway 10' -j 4
answered 'a server that sends requests to another connection' 20
at_least 'gets them there' "$(count '^req.*-$')" 20
is 'which befell some' "$(count '^req.*goaway')" 2
is 'at once, so no failure is told' "$(wc -c <err)" 0
h2 '--refused 2' -j 4
answered 'connections that end within the handshake' 20
prompts 60 >in
h2 '--freeze 50 --latency 300' -j 16 --timeout 1 --retries 2
answered 'a connection that is dead, though nobody says so' 60
at_least 'is left, and takes no further requests' "$(count '^conn.*h2')" 2
prompts 2 >in
date +%s >before
h2 '--slow 1' -j 2
answered 'HTTP/2: a server that asks to wait' 2
is 'does so for each' "$(count '^req.*429')" 2
at_least 'and is heard, seconds' $(($(date +%s) - $(cat before))) 1
cat >twice <<'E'
cupel-query -m any --journal j in >first
exec cupel-query -m any --journal j in
E
run server --log log --cert cert --key key --h2 --reset 1 sh ./twice
answered 'with a journal' 2
is 'a second run asks nothing' "$(count ^request) $(wc -l <j)" '4 2'

# Whom to trust.
prompts 1 >in
SSL_CERT_FILE=other.pem
tls ''
ended 'an unknown authority ends the run at once'
says 'with the host, the reason and the remedy' \
	'https://127.0.0.1:[0-9]*/.*issuer.*SSL_CERT_FILE'
CURL_CA_BUNDLE=ours.pem
export CURL_CA_BUNDLE
tls ''
answered 'CURL_CA_BUNDLE comes before SSL_CERT_FILE' 1
unset CURL_CA_BUNDLE
SSL_CERT_FILE=none.pem
tls ''
says 'a file that is not there is named' 'none\.pem'
SSL_CERT_FILE=ours.pem
ask '--cert old --key key'
ended 'an expired certificate ends the run at once'
says 'with the host, the reason and the remedy' \
	'https://127.0.0.1:.*expired; .*renewed'
# to PREFIX: ask the server at its port, by another address
cat >to <<'E'
exec cupel-query -m any --retries 0 --journal j -u "$1${OPENAI_BASE_URL##*:}" in
E
run server --log log --cert cert --key key sh ./to https://localhost:
ended 'the certificate of another host ends the run at once'
says 'with the host, the reason and the remedy' \
	'https://localhost:.* name .*check -u'
run server --log log --cert cert --key key sh ./to http://127.0.0.1:
is 'a server that wants TLS and is not asked with it' \
	"$(jq -r .error.code out)" cut

# Proxies. This one leads to this machine, whatever the host.
pass="Basic $(printf 'user:sesame' | openssl base64)"
proxy() {
	sed "s/USER/$1/" >via <<'E'
https_proxy=http://USER@127.0.0.1:${PROXY##*:}
http_proxy=$https_proxy
export https_proxy http_proxy
E
	cat to >>via
	shift
	: >passed
	run server --log log --as PROXY --proxy "$pass" server --log passed "$@"
}
there=https://model.invalid:
prompts 3 >in
proxy user:sesame --cert cert --key key --h2 sh ./via $there
answered 'https through a proxy' 3
is 'is a connection to where the name leads, from there' \
	"$(count ^accept) $(count '^head.*CONNECT model.invalid:') \
$(grep -c '^conn.*h2' passed)" '1 1 1'
silent 'the proxy does not get the key' "$OPENAI_API_KEY" log
proxy user:sesame sh ./via http://model.invalid:
answered 'http through a proxy' 3
is 'is given to that' "$(count '^head.*POST http://model.invalid:')" 3
says 'without the key, and that is told' 'the key is not sent to http://model'
silent 'which the proxy does not get' "$OPENAI_API_KEY" log
proxy user:wrong --cert cert --key key sh ./via $there
is 'a proxy that wants another password ends the run' "$status $(wc -c <out)" '2 0'
says 'and is told' 'https://model.invalid:.*407.*wants another user or password'
proxy user:wrong sh ./via http://model.invalid:
says 'for http as well' 'http://model.invalid:.*407.*wants another user or password'
proxy user:wrong sh ./via http://127.0.0.1:
answered 'this machine is asked without a proxy' 3
proxy user:wrong --cert cert --key key env no_proxy=0.0.0.0 sh ./via https://0.0.0.0:
answered 'and so is what no_proxy names' 3
proxy user:wrong env no_proxy=0.0.0.0 sh ./via http://0.0.0.0:
answered 'for http as well' 3
proxy user:sesame sh -c 'OPENAI_BASE_URL=:1 exec sh ./via https://model.invalid:'
says 'a proxy that reaches nobody' \
	'https://model.invalid:1/.* cannot be reached: .*response 502'
for proxy in 'http://user:sesame@bad host:1' 'odd://user:sesame@127.0.0.1:1' \
	http://user:sesame@127.0.0.1:1; do
	run env https_proxy="$proxy" cupel-query -m any --retries 0 \
		-u https://model.invalid in
	is 'a proxy that is none' "$status $(wc -c <out)" '2 0'
	done
run cupel-query -m any -u https://user:sesame@model.invalid:99999 in
says 'an address that is none' 'model.invalid:99999: an address such as'

# What nobody must see, in all that was written above.
silent 'no key is shown or kept' "$OPENAI_API_KEY" shown j
silent 'nor is a password' sesame shown j
silent 'nor what it becomes' "${pass#* }" shown j

finish
