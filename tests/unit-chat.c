/* The three dialects: request bodies, replies of every kind, failures. */
#include "model/chat.h"
#include "tap.h"

static struct arena arena;

/* JSON is written with ' for " here. */
static struct span
json(const char *text)
{
	char *s = arena_dup(&arena, span_str(text));

	for (char *p = s; *p; p++)
		if (*p == '\'')
			*p = '"';
	return span_str(s);
}

/* Bodies. */

static void
body(enum chat_api api, struct chat_ask a, const char *want, const char *name)
{
	struct buf b = { 0 };

	if (a.model == NULL)
		a.model = "m";
	chat_body(&b, api, &a);
	is_str(buf_cstr(&b), json(want).s, name);
	buf_release(&b);
}

static void
bodies(void)
{
	struct span hi = json("[{'role':'user','content':'hi'}]");

	body(CHAT_COMPLETIONS, (struct chat_ask){ .messages = hi },
		"{'model':'m','messages':[{'role':'user',"
		"'content':'hi'}]}",
		"chat: model and messages");
	body(CHAT_COMPLETIONS,
		(struct chat_ask){
			.messages = json(" [ { 'content' : 'h\\u0069\\/', "
					 "'name':'x', 'role' : 'user' "
					 "} ]") },
		"{'model':'m','messages':[{'role':'user',"
		"'content':'hi/','name':'x'}]}",
		"chat: spacing, escapes and order of fields do not matter");
	body(CHAT_COMPLETIONS,
		(struct chat_ask){
			.messages = hi, .system = json("be 'brief'") },
		"{'model':'m','messages':[{'role':'system',"
		"'content':'be \\'brief\\''},{'role':'user',"
		"'content':'hi'}]}",
		"chat: a system turn in front");
	body(CHAT_COMPLETIONS,
		(struct chat_ask){ .messages = hi,
			.params = json("{'top_p':1.0,'max_tokens':9,"
				       "'b':{'z': 1,'a':[ ]}}"),
			.more = json("{'max_tokens':null,'a':1e2}"),
			.logprobs = true },
		"{'model':'m','messages':[{'role':'user',"
		"'content':'hi'}],'a':1e2,'b':{'z':1,'a':[]},"
		"'logprobs':true,'top_p':1.0}",
		"chat: fields sorted, numbers as text, null removes");
	body(CHAT_COMPLETIONS,
		(struct chat_ask){
			.messages = hi, .more = json("{'model':null}") },
		"{'messages':[{'role':'user','content':'hi'}]}",
		"chat: even the model can be taken out");
	body(CHAT_COMPLETIONS,
		(struct chat_ask){
			.messages = json("[{'role':'user','content':[{"
					 "'type': 'text','text':'x'}]}]") },
		"{'model':'m','messages':[{'role':'user','content':"
		"[{'type':'text','text':'x'}]}]}",
		"chat: content in parts passes");
}

static void
other_bodies(void)
{
	struct span hi = json("[{'role':'user','content':'hi'}]");
	struct span talk = json("[{'role':'system','content':'A'},"
				"{'role':'user','content':'hi'},"
				"{'role':'developer','content':'B\\n'}]");

	body(CHAT_RESPONSES,
		(struct chat_ask){ .messages = hi, .logprobs = true },
		"{'model':'m','input':[{'role':'user','content':"
		"'hi'}],'include':['message.output_text.logprobs'],"
		"'store':false}",
		"responses: input, not stored");
	body(CHAT_MESSAGES, (struct chat_ask){ .messages = hi },
		"{'model':'m','messages':[{'role':'user','content':"
		"'hi'}],'max_tokens':4096}",
		"messages: max_tokens is there");
	body(CHAT_MESSAGES,
		(struct chat_ask){ .messages = talk,
			.system = SPAN("S"),
			.more = json("{'max_tokens':5}") },
		"{'model':'m','messages':[{'role':'user','content':"
		"'hi'}],'max_tokens':5,'system':'S\\n\\nA\\n\\nB\\n'}",
		"messages: system turns become system");
	body(CHAT_MESSAGES,
		(struct chat_ask){
			.messages = json(
				"[{'role':'system','content':[{'type':"
				"'text','text':'A','cache_control':{}}]"
				"},{'role':'system','content':'B'}]"),
			.system = SPAN("S") },
		"{'model':'m','messages':[],'max_tokens':4096,"
		"'system':[{'type':'text','text':'S'},{'type':"
		"'text','text':'A','cache_control':{}},{'type':"
		"'text','text':'B'}]}",
		"messages: system blocks stay blocks");
}

/* Replies, as "code|text|reasoning|refusal|finish". */

static const char *
shown(const struct chat_reply *r)
{
	return arena_printf(&arena, "%s|%.*s|%.*s|%.*s|%.*s", chat_code(r->end),
		SPAN_ARG(r->text), SPAN_ARG(r->reasoning), SPAN_ARG(r->refusal),
		SPAN_ARG(r->finish))
	        .s;
}

static struct chat_reply
reply(enum chat_api api, const char *text, const char *want, const char *name)
{
	struct chat_reply r;

	chat_read(&r, api, json(text), &arena);
	is_str(shown(&r), want, name);
	if ((r.error_code == NULL) != (r.end == CHAT_ANSWER) ||
		(r.end != CHAT_ANSWER && r.error_message.len == 0))
		ok(false, "%s: a code and a message where it is no answer",
			name);
	return r;
}

#define CHOICE(message, finish)                                                \
	"{'choices':[{'message':" message ",'finish_reason':" finish "}]}"

static const struct {
	const char *body, *want;
} replies_table[] = {
	{ CHOICE("{'content':'a\\nb'}", "'stop'"), "answer|a\nb|||stop" },
	{ CHOICE("{'content':'a'}", "null"), "answer|a|||" },
	{ CHOICE("{'content':'a'}", "'STOP'"), "answer|a|||STOP" },
	{ CHOICE("{'content':'a'}", "'eos_token'"), "answer|a|||eos_token" },
	{ CHOICE("{'content':'a'}", "'length'"), "length|a|||length" },
	{ CHOICE("{'content':'a'}", "'content_filter'"),
		"filtered|a|||content_filter" },
	{ CHOICE("{'content':null,'refusal':'no'}", "'stop'"),
		"refused|||no|stop" },
	{ CHOICE("{'content':'a','refusal':null}", "'stop'"),
		"answer|a|||stop" },
	{ CHOICE("{'content':null}", "'stop'"), "empty||||stop" },
	{ CHOICE("{'content':' \\n'}", "'stop'"), "empty| \n|||stop" },
	{ CHOICE("{}", "'stop'"), "empty||||stop" },
	{ CHOICE("{'content':null,'tool_calls':[{}]}", "'tool_calls'"),
		"tool_call||||tool_calls" },
	{ CHOICE("{'content':'a'}", "'abort'"), "malformed|a|||abort" },
	{ CHOICE("{'content':'a','reasoning_content':'r'}", "'stop'"),
		"answer|a|r||stop" },
	{ CHOICE("{'content':'a','reasoning':'r',"
		 "'reasoning_content':null}",
		  "'stop'"),
		"answer|a|r||stop" },
	{ CHOICE("{'content':[{'type':'thinking','thinking':[{"
		 "'type':'text','text':'r'}]},{'type':"
		 "'text','text':'a'}]}",
		  "'stop'"),
		"answer|a|r||stop" },
	{ CHOICE("{'content':'<think>\\nr\\n</think>\\n\\na'}", "'stop'"),
		"answer|a|r||stop" },
	{ CHOICE("{'content':'r\\n</think>\\n\\na'}", "'stop'"),
		"answer|a|r||stop" },
	{ CHOICE("{'content':'<think>r'}", "'stop'"), "empty||r||stop" },
	{ CHOICE("{'content':'<think>r'}", "'length'"), "length||r||length" },
	{ CHOICE("{'content':'a <think> b'}", "'stop'"),
		"answer|a <think> b|||stop" },
	{ CHOICE("{'content':'<think>r</think>a','reasoning':"
		 "'q'}",
		  "'stop'"),
		"answer|<think>r</think>a|q||stop" },
	{ "{'choices':[]}", "malformed||||" },
	{ "{'choices':[{'message':null}]}", "malformed||||" },
	{ "{}", "malformed||||" },
	{ "[]", "malformed||||" },
	{ "3", "malformed||||" },
	{ "<html>", "malformed||||" },
	{ "{'choices':[{'mess", "malformed||||" },
	{ "", "malformed||||" },
	{ "{'error':null,'choices':[{'message':{'content':'a'}}]}",
		"answer|a|||" },
};

static void
chat_replies(void)
{
	for (size_t i = 0; i < sizeof(replies_table) / sizeof(*replies_table);
		i++)
		reply(CHAT_COMPLETIONS, replies_table[i].body,
			replies_table[i].want, replies_table[i].body);
}

static void
responses_replies(void)
{
	struct chat_reply r;

	reply(CHAT_RESPONSES,
		"{'status':'completed','error':null,'output':[{'type':"
		"'reasoning','summary':[{'type':'summary_text','text':'r'},{"
		"'type':'summary_text','text':'s'}]},{'type':'message',"
		"'content':[{'type':'output_text','text':'a'},{'type':"
		"'output_text','text':'b'}]}]}",
		"answer|ab|r\n\ns||completed", "responses: text and reasoning");
	reply(CHAT_RESPONSES,
		"{'status':'completed','output':[{'type':'message','content':["
		"{'type':'refusal','refusal':'no'}]}]}",
		"refused|||no|completed", "responses: a refusal");
	reply(CHAT_RESPONSES,
		"{'status':'incomplete','incomplete_details':{'reason':"
		"'max_output_tokens'},'output':[]}",
		"length||||max_output_tokens", "responses: cut off");
	reply(CHAT_RESPONSES,
		"{'status':'completed','output':[{'type':'function_call'}]}",
		"tool_call||||completed", "responses: a call");
	reply(CHAT_RESPONSES, "{'status':'in_progress','output':[]}",
		"malformed||||in_progress", "responses: not done yet");
	reply(CHAT_RESPONSES, "{'choices':[]}", "malformed||||",
		"responses: another dialect");
	r = reply(CHAT_RESPONSES,
		"{'status':'failed','error':{'code':'server_error','message':"
		"'oops'},'output':[]}",
		"failed||||", "responses: failed");
	is_int(r.remedy, CHAT_AGAIN, "a server's error may pass");
	r = reply(CHAT_RESPONSES,
		"{'status':'completed','output':[{'type':'message','content':["
		"{'type':'output_text','text':'a','logprobs':[{'token':'a',"
		"'logprob':-1}]}]}],'usage':{'input_tokens':5,"
		"'input_tokens_details':{'cached_tokens':2},'output_tokens':7,"
		"'output_tokens_details':{'reasoning_tokens':3}}}",
		"answer|a|||completed", "responses: with usage");
	is_str(arena_dup(&arena, r.logprobs),
		json("{'content':[{'token':'a','logprob':-1}]}").s,
		"responses: logprobs in the shape of chat");
	ok(r.usage.known && r.usage.input == 5 && r.usage.cached == 2 &&
			r.usage.output == 7 && r.usage.reasoning == 3 &&
			r.usage.total == 12,
		"responses: usage");
}

static void
messages_replies(void)
{
	struct chat_reply r;

	r = reply(CHAT_MESSAGES,
		"{'type':'message','model':'c','content':[{'type':'thinking',"
		"'thinking':'r'},{'type':'redacted_thinking','data':'x'},{"
		"'type':'text','text':'a'}],'stop_reason':'end_turn','usage':{"
		"'input_tokens':1,'cache_read_input_tokens':23,"
		"'cache_creation_input_tokens':4,'output_tokens':2}}",
		"answer|a|r||end_turn", "messages: text and thinking");
	ok(r.usage.input == 28 && r.usage.cached == 23 && r.usage.output == 2,
		"messages: cached tokens are part of the input");
	is_str(arena_dup(&arena, r.model), "c", "messages: the model's name");
	reply(CHAT_MESSAGES,
		"{'content':[{'type':'text','text':'a'}],'stop_reason':"
		"'max_tokens'}",
		"length|a|||max_tokens", "messages: cut off");
	reply(CHAT_MESSAGES, "{'content':[],'stop_reason':'refusal'}",
		"refused||||refusal", "messages: refused");
	reply(CHAT_MESSAGES, "{'content':[],'stop_reason':'end_turn'}",
		"empty||||end_turn", "messages: empty");
	reply(CHAT_MESSAGES,
		"{'content':[{'type':'tool_use'}],'stop_reason':'tool_use'}",
		"tool_call||||tool_use", "messages: a call");
	r = reply(CHAT_MESSAGES,
		"{'type':'error','error':{'type':'overloaded_error','message':"
		"'busy'}}",
		"failed||||", "messages: an error inside a reply");
	is_int(r.remedy, CHAT_AGAIN, "overload passes");
}

static void
usages(void)
{
	struct chat_reply r;

	chat_read(&r, CHAT_COMPLETIONS,
		json("{'model':'m-1','choices':[{'message':{'content':'a'},"
		     "'logprobs':{'content':[]}}],'usage':{'prompt_tokens':10,"
		     "'completion_tokens':4,'total_tokens':30,"
		     "'prompt_tokens_details':{'cached_tokens':6},"
		     "'completion_tokens_details':{'reasoning_tokens':null}}}"),
		&arena);
	ok(r.usage.known && r.usage.input == 10 && r.usage.cached == 6 &&
			r.usage.output == 4 && r.usage.reasoning == 0 &&
			r.usage.total == 30,
		"chat: usage");
	is_str(arena_dup(&arena, r.logprobs), json("{'content':[]}").s,
		"chat: logprobs");
	chat_read(&r, CHAT_COMPLETIONS,
		json("{'choices':[{'message':{'content':'a'},'logprobs':null}],"
		     "'usage':null}"),
		&arena);
	ok(!r.usage.known && !r.logprobs.s, "chat: nulls are absences");
}

/* Failures. */

static const struct {
	int status;
	const char *body, *code;
	enum chat_remedy remedy;
} failures_table[] = {
	{ 401,
		"{'error':{'message':'bad "
		"key','code':'invalid_api_key'}}",
		"auth", CHAT_STOP },
	{ 407, "", "proxy", CHAT_STOP },
	{ 403, "{'error':{'message':'no'}}", "auth", CHAT_PROVE },
	{ 403,
		"{'error':{'message':'x','metadata':{'flagged_input':'"
		"y'}}}",
		"filtered", CHAT_NONE },
	{ 404, "{'error':{'code':'model_not_found'}}", "not_found",
		CHAT_PROVE },
	{ 404, "<html>404", "not_found", CHAT_PROVE },
	{ 307, "", "not_found", CHAT_PROVE },
	{ 400, "{'error':{'code':'unsupported_parameter'}}", "bad_request",
		CHAT_PROVE },
	{ 400, "{'error':{'code':'context_length_exceeded'}}", "too_long",
		CHAT_NONE },
	{ 400,
		"{'error':{'code':400,'type':'exceed_context_size_"
		"error'}}",
		"too_long", CHAT_NONE },
	{ 400, "{'error':{'code':'content_filter'}}", "filtered", CHAT_NONE },
	{ 400, "{'error':'bad'}", "bad_request", CHAT_NONE },
	{ 400,
		"{'type':'error','error':{'type':'invalid_request_"
		"error'"
		",'message':'Your credit balance is too low to go "
		"on'}}",
		"billing", CHAT_STOP },
	{ 422, "{'detail':'x'}", "bad_request", CHAT_NONE },
	{ 413, "", "too_long", CHAT_NONE },
	{ 402, "", "billing", CHAT_STOP },
	{ 429, "{'error':{'code':'rate_limit_exceeded'}}", "rate_limited",
		CHAT_AGAIN },
	{ 429, "{'error':{'type':'insufficient_quota'}}", "billing",
		CHAT_STOP },
	{ 429,
		"{'error':{'type':'rate_limit_error','details':{"
		"'error_code':'enforced_spend_limit_reached'}}}",
		"billing", CHAT_STOP },
	{ 429, "[{'error':{'code':429,'status':'RESOURCE_EXHAUSTED'}}]",
		"rate_limited", CHAT_AGAIN },
	{ 408, "", "timeout", CHAT_AGAIN },
	{ 409, "", "server", CHAT_AGAIN },
	{ 500, "oops", "server", CHAT_AGAIN },
	{ 503, "{'error':'busy','error_type':'overloaded'}", "server",
		CHAT_AGAIN },
	{ 529, "{'error':{'type':'overloaded_error'}}", "server", CHAT_AGAIN },
};

static void
failures(void)
{
	struct chat_reply r;

	for (size_t i = 0; i < sizeof(failures_table) / sizeof(*failures_table);
		i++) {
		chat_fail(&r, failures_table[i].status,
			json(failures_table[i].body), &arena);
		is_str(r.error_code, failures_table[i].code,
			failures_table[i].body);
		is_int(r.remedy, failures_table[i].remedy, "its remedy");
	}
}

static void
messages(void)
{
	struct chat_reply r;

	chat_fail(&r, 500, json("<html>\n<b>Bad\tGateway"), &arena);
	is_str(r.error_message.s, "status 500: <html> <b>Bad Gateway",
		"a page is shown as a line");
	chat_fail(&r, 400,
		json("{'error':{'message':'no such thing','code':'x'}}"),
		&arena);
	is_str(r.error_message.s, "status 400: no such thing (x)",
		"the server's words and code");
	chat_fail(&r, 502, json(""), &arena);
	is_str(r.error_message.s, "status 502: the server does not say why",
		"an empty body");
	chat_read(&r, CHAT_COMPLETIONS,
		json("{'error':{'message':'slow','code':429}}"), &arena);
	is_str(r.error_code, "rate_limited", "a number as the code in a 200");
	chat_read(&r, CHAT_COMPLETIONS,
		json("{'choices':[{'finish_reason':'error','message':{"
		     "'content':''},'error':{'code':'invalid_prompt',"
		     "'message':'x'}}]}"),
		&arena);
	is_int(r.remedy, CHAT_NONE, "an error inside a choice");
}

int
main(void)
{
	bodies();
	other_bodies();
	chat_replies();
	responses_replies();
	messages_replies();
	usages();
	failures();
	messages();
	arena_release(&arena);
	return tap_done();
}
