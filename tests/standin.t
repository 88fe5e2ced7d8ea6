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

# The other APIs.

run <<'E'
claude='{"model":"c","max_tokens":300,"system":"s","messages":[
	{"role":"user","content":[{"type":"text","text":"a tick"},{"type":"text","text":"bite"}]}]}'
post /messages "$claude" >reply
grep -ci '^request-id: req_' reply
body <reply | jq -c '[.type, .role, .model, .stop_reason, .stop_sequence],
	(.content | map(.type)), (.content[0].text | test("tick|bite")),
	(.usage | .input_tokens > 0 and .output_tokens > 0)'
post /messages '{"model":"c","max_tokens":3,"messages":[{"role":"user","content":"x"}]}' |
	body | jq -c .stop_reason
post /messages '{"model":"c","max_tokens":90,"stop_sequences":["e"],"messages":[{"role":"user","content":"x"}]}' |
	body | jq -c '[.stop_reason, .stop_sequence]'
E
gives 'messages' '1
["message","assistant","c","end_turn",null]
["text"]
true
true
"max_tokens"
["stop_sequence","e"]'

run <<'E'
post /responses '{"model":"r","instructions":"s","input":"a tick bite"}' | body |
	jq -c '[.object, .status, .model, .error], .incomplete_details,
	[.output[] | .type, .role, .content[0].type],
	(.output[0].content[0].text | test("tick|bite")),
	(.usage | .input_tokens + .output_tokens == .total_tokens)'
post /responses '{"model":"r","max_output_tokens":2,"input":[{"type":"reasoning"},
	{"role":"user","content":[{"type":"input_text","text":"x"}]}]}' | body |
	jq -c '[.status, .incomplete_details.reason, .usage.output_tokens]'
E
gives 'responses' '["response","completed","r",null]
null
["message","assistant","output_text"]
true
true
["incomplete","max_output_tokens",2]'

run --models a,b <<'E'
http GET "$OPENAI_BASE_URL/models" </dev/null | body | jq -c '.object, [.data[].id]'
http GET "$OPENAI_BASE_URL/models/b" </dev/null | body | jq -c '[.id, .object]'
http GET "$OPENAI_BASE_URL/models/c" </dev/null | body | jq -c .error.code
chat "$hello" | body | jq -c .error.code
chat "$hello" | status
chat '{"model":"b","messages":[{"role":"user","content":"x"}]}' | status
for path in / /health /v1 /v1/health; do
	http GET "${OPENAI_BASE_URL%/v1}$path" </dev/null | status
done | tr '\n' ' '
OPENAI_BASE_URL=${OPENAI_BASE_URL%/v1}
chat "$hello" | status
E
gives 'models, health, and /v1 or none' '"list"
["a","b"]
["b","model"]
"model_not_found"
"model_not_found"
404
200
200 200 200 200 404'

# Requests that are refused.

run --max-body 1k <<'E'
# each METHOD PATH BODY: status, type, param, code
each() {
	printf %s "$3" | http "$1" "$OPENAI_BASE_URL$2" >reply
	echo "$(status <reply)" "$(body <reply | jq -c '[.type // empty,
		(.error | .type, .param, .code)]')"
}
each POST /chat/completions ''
each POST /chat/completions '{"model":"m"'
each POST /chat/completions '[1]'
each POST /chat/completions '{"messages":[{"role":"user","content":"x"}]}'
each POST /chat/completions '{"model":"m"}'
each POST /chat/completions '{"model":5,"messages":[]}'
each POST /chat/completions '{"model":"m","messages":[]}'
each POST /chat/completions '{"model":"m","messages":[{"role":"robot","content":"x"}]}'
each POST /chat/completions '{"model":"m","messages":[{"role":"user","content":7}]}'
each POST /chat/completions '{"model":"m","n":0,"messages":[{"role":"user","content":"x"}]}'
each POST /chat/completions '{"model":"m","temperature":"hot","messages":[{"role":"user","content":"x"}]}'
each POST /chat/completions '{"model":"m","top_logprobs":3,"messages":[{"role":"user","content":"x"}]}'
each POST /chat/completions '{"model":"m","stream":true,"messages":[{"role":"user","content":"x"}]}'
each POST /messages '{"model":"m","messages":[{"role":"user","content":"x"}]}'
each POST /responses '{"model":"m"}'
each POST /embeddings '{}'
each GET /chat/completions ''
each POST /models ''
each POST /chat/completions "$(printf '%2000s' '')"
E
gives 'errors are those of the APIs' '400 ["invalid_request_error",null,null]
400 ["invalid_request_error",null,null]
400 ["invalid_request_error",null,null]
400 ["invalid_request_error","model","missing_required_parameter"]
400 ["invalid_request_error","messages","missing_required_parameter"]
400 ["invalid_request_error","model","invalid_type"]
400 ["invalid_request_error","messages","empty_array"]
400 ["invalid_request_error","messages","invalid_value"]
400 ["invalid_request_error","messages","invalid_type"]
400 ["invalid_request_error","n","invalid_value"]
400 ["invalid_request_error","temperature","invalid_type"]
400 ["invalid_request_error","top_logprobs","invalid_value"]
400 ["invalid_request_error","stream","unsupported_value"]
400 ["error","invalid_request_error",null,null]
400 ["invalid_request_error","input","missing_required_parameter"]
404 ["invalid_request_error",null,null]
405 ["invalid_request_error",null,null]
405 ["invalid_request_error",null,null]
413 ["invalid_request_error",null,null]'

run <<'E'
chat '{"model":"m" "n":1}' | body | jq -r .error.message
chat '{"model":"m","messages":[{"role":"user","content":"x"},{"role":"user"}]}' |
	body | jq -r .error.message
E
gives 'and say what is wrong' 'the body is not JSON: a comma or } is expected at byte 13
'"'messages[1].content': a string or an array of parts is expected, not nothing"

export STANDIN_KEY=sesame
run --key-env STANDIN_KEY <<'E'
chat "$hello" | status
chat "$hello" 'Authorization: Bearer sesame' | status
chat "$hello" 'Authorization: Bearer sesam' | status
chat "$hello" 'Authorization: sesame' | status
chat "$hello" 'x-api-key: sesame' | status
post /messages "$hello" 'x-api-key: x' | body | jq -c '.type, .error.type'
http GET "$OPENAI_BASE_URL/models" </dev/null | status
E
gives 'a key' '401
200
401
401
200
"error"
"authentication_error"
401'
run --key-env NO_SUCH_KEY </dev/null
is 'a key that is not there' "$status $(cat err)" \
	'2 cupel-standin: --key-env NO_SUCH_KEY: the environment has no such key'

# Programs.

run --reply '.messages[-1].content | ascii_upcase' <<'E'
chat "$hello" | body | jq -c '.choices[0].message.content, .choices[0].finish_reason'
chat '{"model":"m","messages":[{"role":"user","content":[{"type":"text"}]}]}' >reply
status <reply
body <reply | jq -c .error.code
E
gives 'a program over the body makes the text' '"MY SON HAS A FEVER."
"stop"
400
"standin_program"'

cat >program <<'E'
{content: "a", reasoning_content: "because", finish_reason: "length",
	logprobs: {content: []}, tool_calls: [{id: "t"}]}
E
run --reply "$(cat program)" <<'E'
chat "$hello" | body | jq -c '.choices[0] | .finish_reason, .logprobs,
	(.message | .content, .reasoning_content, .tool_calls[0].id)'
chat "$hello" | body | jq -c '.usage.completion_tokens_details.reasoning_tokens'
post /messages '{"model":"m","max_tokens":9,"messages":[{"role":"user","content":"x"}]}' |
	body | jq -c '.content[] | [.type, .thinking // .text]'
post /responses '{"model":"m","input":"x"}' | body |
	jq -c '.output[] | [.type, .content[0].text]'
E
gives 'or the whole message' '"length"
{"content":[]}
"a"
"because"
"t"
1
["thinking","because"]
["text","a"]
["reasoning","because"]
["message","a"]'

cat >program <<'E'
if .model == "m" then {status: 503, headers: {"Retry-After": "7", "x-n": 8},
	body: {error: "busy"}} elif .model == "t" then {status: 200, body: "plain"}
elif .model == "bad" then 5 elif .model == "worse" then {status: 5}
elif .model == "half" then {refusal: "No."} else empty end
E
run --reply "$(cat program)" <<'E'
chat "$hello" | tr -d '\r' | sed -n -e 's/^HTTP[^ ]* //p' -e '/^[Rr]etry/p' -e '/^x-n/p' -e '/^{/p'
echo
chat '{"model":"t","messages":[{"role":"user","content":"x"}]}' | body
echo
for m in bad worse half other; do
	chat '{"model":"'$m'","messages":[{"role":"user","content":"x"}]}' | body |
		jq -c '[.error.code, (.choices[0].message | .content | type), (.choices[0].message.refusal)]'
done
E
gives 'or the whole reply, or nothing' '503 Service Unavailable
Retry-After: 7
x-n: 8
{"error":"busy"}
plain
["standin_program","null",null]
["standin_program","null",null]
[null,"null","No."]
[null,"string",null]'

run --reply '"a", "b", "c"' <<'E'
b='{"model":"m","n":2,"messages":[{"role":"user","content":"x"}]}'
for i in 1 2; do chat "$b" | body | jq -c '[.choices[].message.content]'; done
E
gives 'several results are several draws' '["a","b"]
["c","a"]'

run --reply '.a |' </dev/null
is 'a program that is none' "$status $(grep -c '^cupel-standin: the jq program .a |: ' err)" '2 1'

# A journal.

key=$(printf %s '{"model":"m","messages":[{"role":"user","content":"My son has a fever."}]}' |
	sha256sum | cut -c1-40)
cat >journal <<E
{"custom_id":"$key-00000000-1","response":{"status_code":200,"body":{"draw":1}}}
{"custom_id":"$key-00000000-0","response":{"status_code":200,"body":{"draw":"old"}}}
{"custom_id":"$key-00000000-0r1","response":{"status_code":200,"body":{"draw":"0r1"}}}
{"custom_id":"task-7","response":{"status_code":200,"body":{"draw":"foreign"}}}
{"custom_id":"$key-00000000-2","response":{"status_code":500,"body":{"draw":"failed"}},"error":null}
{"custom_id":"$key-00000000-0","response":{"status_code":200,"body":{"draw":0, "x" : 1.0}}}
torn
E
run --journal journal <<'E'
for i in 1 2 3 4; do chat "$hello" | body; echo; done
chat '{"model":"n","messages":[{"role":"user","content":"x"}]}' | body | jq -c .object
E
gives 'recorded replies, byte for byte, in the order of draws' '{"draw":0, "x" : 1.0}
{"draw":"0r1"}
{"draw":1}
{"draw":0, "x" : 1.0}
"chat.completion"'
run --journal journal --strict --fault malformed=1 --fault-times 1 <<'E'
chat "$hello" | body; echo
chat "$hello" | body; echo
for i in 1 2; do
	chat '{"model":"n","messages":[{"role":"user","content":"x"}]}' | status
done
E
gives 'strictly those, and with faults' '{"draw":0,
{"draw":0, "x" : 1.0}
404
404'
run --strict </dev/null
is '--strict without a journal' $status 2
run --journal no/such </dev/null
is 'a journal that is not there' "$status $(cat err)" \
	'2 cupel-standin: no/such: No such file or directory'

# Grading questions.

run <<'E'
ask() {
	jq -nc --arg c "$1" --arg t "$2" '{model: "m", temperature: 0, messages:
		[{role: "system", content: "s"}, {role: "user", content: $t}]}' >b
	chat "$(cat b)" | body | jq -r '.choices[0].message.content'
}
q='<conversation>
user: I was bitten by a tick.

assistant: Watch for a spreading red ring around the tick bite.
</conversation>

<criterion>
[5] Mentions a spreading red ring.
</criterion>'
ask c "$q" | sed '1d;$d' | jq -c '.criteria_met, (.explanation | type)'
ask c "$q" | sed -n '1p;$p'
ask c 'Is it red? Answer Yes or No.'
E
gives 'a verdict, and yes or no' 'true
"string"
```json
```
No'

run <<'E'
b='{"model":"m","temperature":0,"logprobs":true,"top_logprobs":2,"messages":[
	{"role":"user","content":"Is it red? Answer yes or no."}]}'
chat "$b" | body | jq -c '.choices[0].logprobs.content |
	length, [.[0].top_logprobs[].token],
	([.[0].top_logprobs[].logprob | exp] | add | . > 0.98 and . <= 1)'
E
gives 'with the probabilities of both' '1
["no","yes"]
true'

# Faults.

for kind in 429 500 503 529 418; do
	run --fault $kind=1 --retry-after 1.5 <<'E'
chat "$hello" >reply
echo $(status <reply) $(body <reply | jq -r '.error.type') \
	$(tr -d '\r' <reply | sed -n 's/^[Rr]etry-[Aa]fter: //p')
post /messages '{"model":"m","max_tokens":9,"messages":[{"role":"user","content":"x"}]}' |
	body | jq -r '.type + " " + .error.type'
E
	cat out
done >statuses
is 'faults of a status' "$(cat statuses)" '429 requests 1.5
error rate_limit_error
500 server_error
error api_error
503 server_error 1.5
error api_error
529 server_error 1.5
error overloaded_error
418 invalid_request_error
error invalid_request_error'

# spoilt KIND FILTER: chat, messages and responses with the fault, through jq
spoilt() {
	run --fault "$1=1" <<E
{ chat "\$hello"; echo; post /messages '{"model":"m","max_tokens":99,"messages":[{"role":"user","content":"x"}]}'
echo; post /responses '{"model":"m","input":"x"}'; echo; } | grep '^{' | jq -c '$2'
E
}
spoilt billing '.error | .type, .code // .details.error_code'
gives 'billing' '"insufficient_quota"
"insufficient_quota"
"rate_limit_error"
"enforced_spend_limit_reached"
"insufficient_quota"
"insufficient_quota"'
spoilt empty '.choices // .content // .output'
gives 'empty' '[]
[]
[]'
spoilt length '[.choices[0].finish_reason?, .stop_reason, .incomplete_details.reason?]'
gives 'length' '["length",null,null]
[null,"max_tokens",null]
[null,null,"max_output_tokens"]'
spoilt filter '[.choices[0].finish_reason?, .error.type?, .incomplete_details.reason?]'
gives 'filter' '["content_filter",null,null]
[null,"invalid_request_error",null]
[null,null,"content_filter"]'
spoilt refusal '[(.choices[0].message?|.content, (.refusal|type)), .stop_reason, .output[0].content[0].type?]'
gives 'refusal' '[null,"string",null,null]
[null,"null","refusal",null]
[null,"null",null,"refusal"]'

run --fault cut=1 <<'E'
chat "$hello" >reply; echo $?
status <reply
[ "$(body <reply | wc -c)" -gt 100 ] && echo some
E
gives 'cut: the connection breaks within the body' '1
200
some'
run --fault malformed=1 <<'E'
chat "$hello" >reply; echo $?
status <reply
body <reply | jq . >/dev/null 2>&1 || echo not JSON
E
gives 'malformed: a complete reply, half of its JSON' '0
200
not JSON'
run --fault html=0.5 --fault html200=0.5 <<'E'
for i in 1 2 3 4 5 6 7 8; do
	chat "$hello" | tr -d '\r' | sed -n -e '1s/HTTP.1.1 //p' -e '/^Content-Type/p' -e 's/.*<title>//p'
done | sort -u
E
gives 'html: the page of a proxy' '200 OK
502 Bad Gateway
502 Bad Gateway</title></head>
Content-Type: text/html'
run --fault huge=1 --huge-size 3000000 <<'E'
chat "$hello" >reply
body <reply | wc -c
body <reply | jq -c '[.object, (.choices[0].message.content | length > 2900000)]'
post /messages '{"model":"m","max_tokens":9,"messages":[{"role":"user","content":"x"}]}' | body | wc -c
E
gives 'huge: valid, and of the size' '3000000
["chat.completion",true]
3000000'
run --fault stall=1 --log log <<'E'
printf %s "$hello" | timeout 0.3 http POST "$OPENAI_BASE_URL/chat/completions"
echo $?
sleep 0.1
http GET "$OPENAI_BASE_URL/health" </dev/null | status
E
gives 'stall: no answer' '124
200'

cat >many <<'E'
for i in $(seq 60); do
	chat '{"model":"m","n":1,"messages":[{"role":"user","content":"'$i'"}]}'; echo
done >all
grep -c '^HTTP.1.1 429' all
E
run --fault 429=0.3 --log log1 <many
n=$(cat out)
ok "a rate is a rate: $n of 60 at 0.3" test "$n" -ge 8 -a "$n" -le 30
sort log1 >log1.sorted
run --fault 429=0.3 --log log2 <many
sort log2 | sed 's/"n":[0-9]*//' >a
sed 's/"n":[0-9]*//' log1.sorted >b
same 'the same requests meet the same faults' a b
run -s 1 --fault 429=0.3 --log log2 <many
sed 's/"n":[0-9]*//' log2 | sort | cmp -s - b
is 'with another seed, others' $? 1

run --fault 500=1 --fault-times 2 --log log <<'E'
for i in 1 2 3 4; do chat "$hello" | status; done
jq -c '[.n, .asked, .status, .fault, .source]' log
jq -r '.method + " " + .path + " " + .body' log | uniq
E
gives '--fault-times, and the log' "500
500
200
200
[1,0,500,\"500\",null]
[2,1,500,\"500\",null]
[3,2,200,null,\"built-in\"]
[4,3,200,null,\"built-in\"]
POST /v1/chat/completions $key"

run <<'E'
for i in 1 2; do chat "$hello" | body; echo; done
E
sort out >calm
run --fault 500=1 --fault-times 2 <<'E'
for i in 1 2 3 4; do chat "$hello" | grep choices; done
E
sort out >stormy
same 'a fault uses up no reply' stormy calm

for bad in 429 429=2 429=-1 429=x nonsense=0.1 999=1 =1; do
	timeout 5 cupel-standin --fault "$bad" true 2>err
	[ $? -eq 2 ] && grep -q "^cupel-standin: --fault $bad: " err || echo "$bad"
done >wrong
timeout 5 cupel-standin --fault 429=0.6 --fault 500=0.6 true 2>err && echo sum >>wrong
empty 'faults that are none' wrong

# Time and numbers.

run --latency 400 <<'E'
date +%s%N >before
printf %s "$hello" | http -n 200 POST "$OPENAI_BASE_URL/chat/completions" |
	cut -d' ' -f1 | sort | uniq -c | sed 's/^ *//'
echo $(($(date +%s%N) - $(cat before))) >took
E
gives '200 at once, each answered after its time' '200 200'
took=$(($(cat took) / 1000000))
ok "in the time of one: $took ms" test "$took" -ge 400 -a "$took" -lt 4000
run --latency 1-40 <<'E'
printf %s "$hello" | http -n 100 POST "$OPENAI_BASE_URL/chat/completions" |
	cut -d' ' -f1 | sort | uniq -c | sed 's/^ *//'
E
gives '100 clients with different delays' '100 200'
for bad in x 5- -5 9-3 1-2-3 99999999999; do
	timeout 5 cupel-standin --latency "$bad" true 2>/dev/null
	[ $? -eq 2 ] || echo "$bad"
done >wrong
empty 'delays that are none' wrong

run --rate-limit 2 <<'E'
chat "$hello" | tr -d '\r' | grep -i '^x-ratelimit' | sed 's/[0-9]*ms$/Nms/'
i=0
while [ $((i += 1)) -lt 100 ] && chat "$hello" >reply && [ "$(status <reply)" = 200 ]; do :; done
status <reply
tr -d '\r' <reply | grep -i '^retry-after' | sed 's/[0-9]*$/N/' | sort
body <reply | jq -c .error.code
sleep 0.6
chat "$hello" | status
E
gives 'a limit on requests a second' 'x-ratelimit-limit-requests: 2
x-ratelimit-remaining-requests: 1
x-ratelimit-reset-requests: Nms
429
Retry-After: N
retry-after-ms: N
"rate_limit_exceeded"
200'

# Without a command.

timeout 20 cupel-standin --latency 60000 -p 0 --log log >url 2>err &
pid=$!
while [ ! -s url ]; do sleep 0.05; done
is 'the URL, in one line' "$(sed 's/[0-9]*.v1/N/' url)" 'http://127.0.0.1:N'
url=$(cat url)
echo '{"model":"m","messages":[{"role":"user","content":"x"}]}' |
	http POST "$url/chat/completions" >reply &
client=$!
while ! grep -q POST log; do sleep 0.05; done
kill "$pid"
wait "$pid"
is 'a signal ends it' $? 0
wait "$client"
is 'what is in flight is answered first' "$? $(sed -n 's/^HTTP.1.1 \(...\).*/\1/p' reply)" '0 200'
timeout 5 cupel-standin -p 0 >/dev/full 2>err
is 'a URL that cannot be printed' "$? $(cat err)" \
	'3 cupel-standin: standard output: No space left on device'
timeout 5 cupel-standin -p 99999 2>err
is 'no such port' "$? $(cat err)" \
	'2 cupel-standin: 99999 is no port: 0 to 65535'
run -p 0 <<'E'
port=${OPENAI_BASE_URL##*:}
timeout 5 cupel-standin -p "${port%/v1}" true 2>&1 | sed 's/[0-9]*:/N:/2'
E
gives 'a port that is taken' \
	'cupel-standin: cannot listen on 127.0.0.1 port N: Address already in use'
timeout 5 cupel-standin --log no/such/log true 2>err
is 'a log that cannot be' "$? $(cat err)" \
	'2 cupel-standin: no/such/log: No such file or directory'
run --log /dev/full <<'E'
chat "$hello" | status
E
is 'a log that is full' "$status $(cat out err)" '3 200
cupel-standin: /dev/full: No space left on device'

# With the tools that ask: a run that was recorded, and a stormy one.

if has_tool query; then
	for i in 1 2 3 4 5 6; do
		echo '{"id":'$i',"prompt":[{"role":"user","content":"bite '$i'"}]}'
	done >in
	cupel-standin -p 0 cupel-query -m m --journal j -o calm in 2>err
	is 'cupel-query with a journal' "$? $(wc -l <calm)" '0 6'
	cupel-standin -p 0 -s 9 --journal j --strict cupel-query -m m -o again in
	same 'is replayed from it, wherever it was recorded' again calm
	cupel-standin -p 0 --fault 429=0.2 --fault 500=0.1 --fault cut=0.1 \
		--fault malformed=0.1 --fault html=0.1 --fault-times 2 \
		--log log cupel-query -m m -o stormy in 2>err
	same 'and is the same through a storm' stormy calm
	ok 'which there was' grep -q '"fault":"[45]' log
else
	skip 'with cupel-query' 'cupel-query is not built'
fi

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

# timeout also continues what it stops, at which the search for leaks may hang.
ASAN_OPTIONS=$ASAN_OPTIONS:detect_leaks=0 timeout 10 cupel-standin \
	sh -c 'trap "exit 5" TERM; echo >ready; sleep 5 & wait' &
pid=$!
while [ ! -s ready ]; do sleep 0.05; done
kill "$pid"
wait "$pid"
is 'a signal goes on to the command' $? 5

finish
