/* unit-yaml: YAML becomes JSON, or says where it is wrong. */
#include "record/yaml.h"
#include "tap.h"

static void
becomes(const char *yaml, const char *json)
{
	struct buf b = { 0 };
	struct err e = { "" };

	is_int(yaml_text(&b, span_str(yaml), "file", &e), 0, json);
	is_str(buf_cstr(&b), json, e.msg[0] ? e.msg : "  as JSON");
	buf_release(&b);
}

static void
fails(const char *yaml, const char *message)
{
	struct buf b = { 0 };
	struct err e = { "" };

	is_int(yaml_text(&b, span_str(yaml), "file", &e), -1, message);
	is_str(e.msg, message, "  because");
	buf_release(&b);
}

int
main(void)
{
	becomes("a: 1\nb: [x, 'true', true, ~, 1.5, -2, 1e3]\n",
		"{\"a\":1,\"b\":[\"x\",\"true\",true,null,1.5,-2,1e3]}");
	becomes("yes: no\n", "{\"yes\":\"no\"}");
	becomes("v: 007\nw: .5\nx: 0x10\n",
		"{\"v\":\"007\",\"w\":\".5\",\"x\":\"0x10\"}");
	becomes("t: |\n  one\n  two\n", "{\"t\":\"one\\ntwo\\n\"}");
	becomes("a: &x {k: v}\nb: *x\n",
		"{\"a\":{\"k\":\"v\"},\"b\":{\"k\":\"v\"}}");
	becomes("a:\n", "{\"a\":null}");
	becomes("æ: \"\\u263a\"", "{\"æ\":\"☺\"}");
	fails("", "file: the file is empty");
	fails("a: 1\na: 2\n", "file:2:1: the key was there before");
	fails("? [1]\n: 2\n", "file:1:3: a key must be text");
	fails("a: &x [*x]\n",
		"file:1:4: nested too deeply, or an alias of itself");
	fails("a: [1\nb: 2", "file:2:2: did not find expected ',' or ']'");
	fails("a:\n\t- 1\n",
		"file:2:1: found character that cannot start any token");
	return tap_done();
}
