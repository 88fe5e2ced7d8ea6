/* unit-yesno: the probability of yes, its bounds, and when there is none. */
#include <math.h>

#include "eval/yesno.h"
#include "tap.h"

static bool
near(double a, double b)
{
	return fabs(a - b) < 1e-12;
}

/* One token with alternatives; the JSON is written with ' for ". */
static void
gives(const char *content, double p, double low, double high)
{
	char json[1024];
	struct yesno y;

	snprintf(json, sizeof(json), "{'content':[%s]}", content);
	for (char *c = json; *c; c++)
		*c = *c == '\'' ? '"' : *c;
	if (!ok(yesno_logprobs(&y, span_str(json)), "%s", content))
		return;
	if (!ok(isnan(p) ? y.source == YESNO_NONE
			 : y.source == YESNO_LOGPROBS && near(y.p, p) &&
				    near(y.low, low) && near(y.high, high),
		    "  %g in [%g, %g]", p, low, high))
		tap_note("got %.17g in [%.17g, %.17g]", y.p, y.low, y.high);
}

#define TOP(...)                                                               \
	"{'token':'x','logprob':-9999.0,'top_logprobs':[" __VA_ARGS__ "]}"
#define HALF "-0.6931471805599453"
#define QUARTER "-1.3862943611198906"

static void
check_tokens(void)
{
	gives(TOP("{'token':'Yes','logprob':" HALF "},"
		  "{'token':' no','logprob':" HALF "}"),
		.5, .5, .5);
	gives(TOP("{'token':'\\u0120YES','logprob':" HALF "},"
		  "{'token':'\\u2581No','logprob':" QUARTER "}"),
		2. / 3, .5, .75);
	gives(TOP("{'token':'\\\"yes\\\"','logprob':" HALF "},"
		  "{'token':'No.','logprob':" HALF "}"),
		.5, .5, .5);
	gives(TOP("{'token':'yesterday','logprob':" HALF "},"
		  "{'token':'none','logprob':" HALF "}"),
		NAN, 0, 1);
	gives(TOP("{'token':'?','bytes':[89,101,115],'logprob':" HALF "}"), 1,
		.5, 1);
	gives(TOP("{'token':'yes','logprob':" HALF "},"
		  "{'token':'no','logprob':-9999.0}"),
		1, .5, 1);
}

static void
check_places(void)
{
	gives("{'token':'no','logprob':" HALF ",'top_logprobs':["
	      "{'token':'no','logprob':" HALF "},"
	      "{'token':'yes','logprob':" HALF "}]}",
		.5, .5, .5);
	gives("{'token':'no','logprob':" HALF ",'top_logprobs':["
	      "{'token':'yes','logprob':" HALF "}]}",
		.5, .5, .5);
	gives("{'token':'yes','logprob':" HALF "}", 1, .5, 1);
	gives("{'token':'\\n\\n','logprob':0.0,'top_logprobs':[]},"
	      "{'token':'**','logprob':0.0,'top_logprobs':[]},"
	      "{'token':'no','logprob':0.0,'top_logprobs':[]}",
		0, 0, 0);
}

static void
says(const char *text, double p)
{
	struct yesno y;
	bool read = yesno_text(&y, span_str(text));

	ok(isnan(p) ? !read : read && y.source == YESNO_VERBAL && near(y.p, p),
		"'%s' is %g", text, p);
}

int
main(void)
{
	struct yesno y;

	check_tokens();
	check_places();
	ok(!yesno_logprobs(&y, (struct span){ 0 }), "no log probabilities");
	ok(!yesno_logprobs(&y, SPAN("{\"content\":[]}")), "none in a list");
	ok(!yesno_logprobs(&y, SPAN("{\"content\":null}")), "null");
	says("Yes", 1);
	says(" **No**, it does not.", 0);
	says("yes.", 1);
	says("Not sure", NAN);
	says("Yesterday", NAN);
	says("The answer is yes", NAN);
	says("", NAN);
	return tap_done();
}
