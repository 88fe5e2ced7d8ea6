#!/bin/sh
# standin: the stand-in server, as clients see it.
. "$(dirname "$0")/tap.sh"
has_tool standin || skip_all 'cupel-standin is not built'
PATH=$builddir/tests:$PATH

cat >lib <<'E'
hello='{"model":"m","messages":[{"role":"user","content":"My son has a fever."}]}'
# post PATH BODY [HEADER...]: the reply's status line, headers and body
post() {
	path=$1 body=$2
	shift 2
	printf %s "$body" | http POST "$OPENAI_BASE_URL$path" "$@"
}
# body: what comes behind the head
body() { sed '1,/^.$/d'; }
# status: that of the first line
status() { sed -n '1s/^HTTP.1.1 \([0-9]*\) .*/\1/p'; }
chat() { post /chat/completions "$@"; }
E

# run OPTION...: the script on standard input, run by a server with the options
run() {
	{ echo '. ./lib' && cat; } >script
	timeout 30 cupel-standin "$@" sh ./script >out 2>err </dev/null
	status=$?
}

# gives NAME WANT: what the last run printed
gives() {
	is "$1" "$(cat out)" "$2"
	[ ! -s err ] || diag <err
}

run <<'E'
chat "$hello" | body | jq -c '[.object, .model, (.choices | length),
	.choices[0].index, .choices[0].message.role, .choices[0].message.refusal,
	.choices[0].finish_reason, .choices[0].logprobs,
	(.usage | .prompt_tokens + .completion_tokens == .total_tokens),
	(.id | test("^chatcmpl-")), (.created | type)]'
chat "$hello" | body | jq -r '.choices[0].message.content' | grep -q fever && echo fever
chat "$hello" | grep -ci '^x-request-id: req_'
E
gives 'a chat completion has what clients look for' \
	'["chat.completion","m",1,0,"assistant",null,"stop",null,true,true,"number"]
fever
1'

run -s 7 <<'E'
b='{"model":"m","n":3,"messages":[{"role":"user","content":"tick bite"}]}'
chat "$b" | body | jq -c '[.choices[].index],
	([.choices[].message.content] | unique | length)'
cold='{"temperature":0,"model":"m","n":2,"messages":[{"role":"user","content":"x"}]}'
{ chat "$cold"; echo; chat "$cold"; } | grep '^{' |
	jq -c '.choices[].message.content' | sort | uniq -c | sed 's/".*//'
E
gives 'n choices differ; at temperature 0 they do not' '[0,1,2]
3
      4 '

cat >same <<'E'
for i in 1 2 3; do chat "$hello" | body; echo; done
E
run -s 3 <same
sort out >first
run -s 3 <same
sort out >again
same 'the same seed, the same replies' again first
is 'asking again is another draw' "$(sort -u first | wc -l)" 3
run -s 4 <same
sort out >other
is 'another seed, other replies' "$(cat first other | sort -u | wc -l)" 6

run <<'E'
b='{"model":"m","logprobs":true,"top_logprobs":3,"temperature":0,
	"messages":[{"role":"user","content":"Grüße, 発熱"}]}'
chat "$b" | body >reply
jq -c '.choices[0] | .message.content == ([.logprobs.content[].token] | add),
	([.logprobs.content[].top_logprobs | length] | unique),
	([.logprobs.content[].top_logprobs | [.[].token] | unique | length] | unique),
	([.logprobs.content[].logprob < 0] | all),
	([.logprobs.content[] | .top_logprobs[0].token == .token] | all),
	([.logprobs.content[] | (.token | utf8bytelength) == (.bytes | length)] | all)
	' reply
jq -c '.usage.completion_tokens == (.choices[0].logprobs.content | length)' reply
E
gives 'logprobs: every token, joined they are the text' \
	'true
[3]
[3]
true
true
true
true'

run <<'E'
b='{"model":"m","max_tokens":4,"messages":[{"role":"user","content":"hi you"}]}'
chat "$b" | body | jq -c '.choices[0].finish_reason, .usage.completion_tokens'
b='{"model":"m","stop":["a"],"messages":[{"role":"user","content":"hi you"}]}'
chat "$b" | body | jq -c '.choices[0].finish_reason,
	(.choices[0].message.content | test("a"))'
E
gives 'limits on tokens and stop sequences' '"length"
4
"stop"
false'

# Commands.

run <<'E'
echo "${OPENAI_BASE_URL%:*}" "${OPENAI_BASE_URL##*/}" "${ANTHROPIC_BASE_URL%:*}"
echo "$OPENAI_API_KEY" "$ANTHROPIC_API_KEY" "$no_proxy"
exit 7
E
is 'the command gets addresses and keys' "$(cat out)" \
	'http://127.0.0.1 v1 http://127.0.0.1
standin standin 127.0.0.1'
is 'its status is ours' $status 7
export OPENAI_API_KEY=mine no_proxy=localhost
run <<'E'
echo "$OPENAI_API_KEY" "$no_proxy"
E
gives 'a key and exceptions that are there stay' 'mine localhost,127.0.0.1'
unset OPENAI_API_KEY no_proxy
run <<'E'
kill -9 $$
E
is 'a signal that ends it is 128 and its number' $status 137
timeout 10 cupel-standin ./no-such-command 2>err
is 'no such command' "$? $(cat err)" \
	'127 cupel-standin: ./no-such-command: No such file or directory'
timeout 10 cupel-standin "$tmp" 2>err
is 'a directory is no command' "$? $(sed 's/.*: //' err)" '126 Permission denied'
timeout 10 cupel-standin -- sh -c 'echo $1' - two 2>err >out
gives 'behind --, with arguments' two

timeout 10 cupel-standin sh -c 'trap "exit 5" TERM; echo >ready; sleep 5 & wait' &
pid=$!
while [ ! -s ready ]; do sleep 0.05; done
kill "$pid"
wait "$pid"
is 'a signal goes on to the command' $? 5

finish
