#include <math.h>
#include <stdlib.h>

#include "base/hash.h"
#include "base/utf8.h"
#include "eval/lexical.h"
#include "record/emit.h"

#define N(array) (sizeof(array) / sizeof(*(array)))
#define STEM 6     /* characters that tell a word */
#define PAGES 8192 /* bytes of a message that prose takes its words from */

/* Shares of a criterion's terms from which on it counts as met. */
#define MERIT_COVER 0.25
#define FAULT_COVER 0.5
#define YES_COVER 0.6
#define NOISE_COVER 0.08

/* Terms. */

enum script { BREAK, WORD, IDEOGRAPH };

static uint32_t
code_point(struct span text, size_t *n)
{
	const unsigned char *p = (const unsigned char *)text.s;
	uint32_t code;

	if (!utf8_step(text, n))
		return UTF8_BAD;
	if (*n == 1)
		return *p;
	code = *p & (0x7fu >> *n);
	for (size_t i = 1; i < *n; i++)
		code = code << 6 | (p[i] & 0x3fu);
	return code;
}

static enum script
script_of(uint32_t c)
{
	if (c < 0x80)
		return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') ||
		                       (c >= 'a' && c <= 'z')
		               ? WORD
		               : BREAK;
	if (c < 0xc0 || (c >= 0x2000 && c < 0x2c00) ||
		(c >= 0x3000 && c < 0x3041) || c == UTF8_BAD ||
		(c >= 0xfe30 && c < 0xfe50) || (c >= 0xff00 && c < 0xff10) ||
		(c >= 0xff1a && c < 0xff21) || (c >= 0x1f000 && c < 0x1fc00))
		return BREAK;
	return (c >= 0x3041 && c < 0xa000) || (c >= 0xac00 && c < 0xd7b0) ||
	                       (c >= 0xf900 && c < 0xfb00) || c >= 0x20000
	               ? IDEOGRAPH
	               : WORD;
}

/* Words that say nothing of the matter, and those in which criteria speak. */
static const char *const function_words[] = { "a", "about", "above", "advice",
	"advise", "advises", "after", "again", "all", "also", "although", "am",
	"an", "and", "any", "are", "aren", "as", "ask", "asks", "assistant",
	"at", "be", "because", "been", "before", "being", "below", "both",
	"but", "by", "can", "cannot", "clear", "clearly", "could", "criterion",
	"describe", "describes", "did", "do", "does", "doesn", "doing", "don",
	"during", "each", "either", "else", "etc", "even", "every", "example",
	"explain", "explains", "explicitly", "fail", "fails", "few", "for",
	"from", "get", "gets", "give", "gives", "had", "has", "have", "having",
	"he", "her", "here", "him", "his", "how", "however", "if", "in",
	"include", "includes", "including", "indicate", "indicates", "inform",
	"informs", "into", "is", "it", "its", "just", "let", "like", "may",
	"me", "mention", "mentions", "might", "model", "more", "most", "much",
	"must", "my", "need", "needs", "no", "nor", "not", "note", "notes",
	"now", "of", "off", "offer", "offers", "on", "one", "only", "or",
	"other", "our", "out", "over", "own", "please", "point", "points",
	"provide", "provides", "really", "recommend", "recommends", "replies",
	"reply", "response", "responses", "same", "say", "says", "she",
	"should", "so", "some", "state", "states", "such", "suggest",
	"suggests", "tell", "tells", "than", "that", "the", "their", "them",
	"then", "there", "these", "they", "thing", "things", "this", "those",
	"though", "through", "to", "too", "try", "under", "until", "up", "us",
	"use", "user", "users", "using", "very", "was", "way", "we", "well",
	"were", "what", "when", "where", "whether", "which", "while", "who",
	"whom", "why", "will", "with", "within", "without", "would", "yes",
	"you", "your", "yours" };

static char
lower(char c)
{
	return (char)(c >= 'A' && c <= 'Z' ? c + 32 : c);
}

/* As strcmp does, the word in lower case. */
static int
compare(struct span word, const char *s)
{
	for (size_t i = 0; i < word.len; i++) {
		int c = (unsigned char)lower(word.s[i]) - (unsigned char)s[i];

		if (c || s[i] == '\0')
			return c;
	}
	return s[word.len] ? -1 : 0;
}

static bool
is_function_word(struct span word)
{
	size_t low = 0, high = N(function_words);

	while (low < high) {
		size_t mid = low + (high - low) / 2;
		int c = compare(word, function_words[mid]);

		if (c == 0)
			return true;
		if (c > 0)
			low = mid + 1;
		else
			high = mid;
	}
	return false;
}

/* Two letters say little, two digits much. */
static bool
has_content(struct span word)
{
	if (word.len == 0 ||
		(word.len < 3 && !memchr("0123456789", word.s[0], 10)))
		return false;
	return !is_function_word(word);
}

/* The first characters of the word, in lower case. */
static uint64_t
stem_hash(struct span word)
{
	char stem[STEM * UTF8_MAX];
	size_t n = 0, chars = 0;

	for (size_t i = 0; i < word.len; i++) {
		if ((word.s[i] & 0xc0) != 0x80 && chars++ == STEM)
			break;
		if (n < sizeof(stem))
			stem[n++] = lower(word.s[i]);
	}
	return hash_bytes(0, (struct span){ stem, n });
}

/*
 * The word, or the pair of characters, at the start of ${rest}, which goes
 * behind it, or on to the pair's second. A character alone is no word.
 */
static bool
next_word(struct span *rest, struct span *word)
{
	enum script kind = BREAK;
	size_t n;

	while (rest->len && kind == BREAK) {
		kind = script_of(code_point(*rest, &n));
		*word = (struct span){ rest->s, n };
		rest->s += n, rest->len -= n;
	}
	while (rest->len && script_of(code_point(*rest, &n)) == kind) {
		word->len += n;
		if (kind == IDEOGRAPH)
			return true;
		rest->s += n, rest->len -= n;
	}
	if (kind == IDEOGRAPH)
		word->len = 0;
	return kind != BREAK;
}

static int
by_hash(const void *a, const void *b)
{
	const struct lexical_term *x = a, *y = b;

	if (x->hash != y->hash)
		return x->hash < y->hash ? -1 : 1;
	return (x->word.s > y->word.s) - (x->word.s < y->word.s);
}

static int
by_place(const void *a, const void *b)
{
	const struct lexical_term *x = a, *y = b;

	return (x->word.s > y->word.s) - (x->word.s < y->word.s);
}

/* Each word once, where it stands first, sorted by hash. */
static struct lexical_terms
gather(struct span text, bool all, struct arena *a)
{
	struct lexical_terms t = { NULL, 0 };
	struct span rest = text, word;
	size_t n = 0;

	while (next_word(&rest, &word))
		n += all || has_content(word);
	if (n == 0)
		return t;
	t.v = arena_array(a, n, sizeof(*t.v));
	for (rest = text, n = 0; next_word(&rest, &word);)
		if (all || has_content(word))
			t.v[n++] = (struct lexical_term){ stem_hash(word), word,
				has_content(word) };
	qsort(t.v, n, sizeof(*t.v), by_hash);
	for (size_t i = 0; i < n; i++)
		if (t.n == 0 || t.v[t.n - 1].hash != t.v[i].hash)
			t.v[t.n++] = t.v[i];
	return t;
}

static struct lexical_terms
collect(struct span text, struct arena *a)
{
	return gather(text, false, a);
}

struct lexical_terms
lexical_words(struct span text, struct arena *a)
{
	return gather(text, true, a);
}

struct lexical_terms
lexical_terms(struct span text, struct arena *a)
{
	struct lexical_terms t = collect(text, a);

	if (t.n)
		qsort(t.v, t.n, sizeof(*t.v), by_place);
	return t;
}

static bool
has_term(const struct lexical_terms *sorted, uint64_t hash)
{
	size_t low = 0, high = sorted->n;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (sorted->v[mid].hash == hash)
			return true;
		if (sorted->v[mid].hash < hash)
			low = mid + 1;
		else
			high = mid;
	}
	return false;
}

static double
share(const struct lexical_terms *wanted, const struct lexical_terms *sorted)
{
	size_t found = 0;

	for (size_t i = 0; i < wanted->n; i++)
		found += has_term(sorted, wanted->v[i].hash);
	return wanted->n ? (double)found / (double)wanted->n : 0;
}

double
lexical_cover(struct span wanted, struct span text, struct arena *a)
{
	struct lexical_terms w = collect(wanted, a), t = collect(text, a);

	return share(&w, &t);
}

/* Finding the parts of a grading question. */

struct marks {
	const char *open, *close;
};

/* The last place of ${needle}: what stands before may quote anything. */
static const char *
find_last(struct span hay, struct span needle)
{
	const char *last = NULL, *at;

	while (hay.len && (at = span_find(hay, needle))) {
		last = at;
		hay.len -= (size_t)(at + 1 - hay.s);
		hay.s = at + 1;
	}
	return last;
}

static struct span
between(struct span text, const struct marks *m)
{
	const char *end = text.s + text.len, *from, *to;

	from = find_last(text, span_str(m->open));
	if (from == NULL)
		return (struct span){ NULL, 0 };
	from += strlen(m->open);
	to = span_find((struct span){ from, (size_t)(end - from) },
		span_str(m->close));
	return span_trim(
		(struct span){ from, (size_t)((to ? to : end) - from) },
		" \r\n\t");
}

static struct span
section(struct span text, const struct marks *marks)
{
	struct span found = { NULL, 0 };

	for (; marks->open && found.s == NULL; marks++)
		found = between(text, marks);
	return found;
}

/* The last assistant turn of "role: text" paragraphs, else all of it. */
static struct span
last_reply(struct span conversation)
{
	static const char role[] = "\n\nassistant: ";
	const char *at = find_last(conversation, span_str(role));
	size_t skip = 0;

	if (conversation.s == NULL)
		return conversation;
	if (at)
		skip = (size_t)(at - conversation.s) + strlen(role);
	else if (span_starts(conversation, span_str(role + 2)))
		skip = strlen(role + 2);
	return (struct span){ conversation.s + skip, conversation.len - skip };
}

/* "[5] text" is five points. */
static void
take_points(struct lexical_item *i)
{
	struct span c = i->criterion;
	char *end;
	double points;

	i->points = 1;
	if (c.len < 3 || c.s[0] != '[' || memchr(c.s, ']', c.len) == NULL)
		return;
	points = strtod(c.s + 1, &end);
	if (*end != ']')
		return;
	i->points = points;
	end++;
	i->criterion = span_trim(
		(struct span){ end, (size_t)(c.s + c.len - end) }, " \r\n\t");
}

bool
lexical_item(struct span prompt, struct lexical_item *i)
{
	static const struct marks criteria[] = {
		{ "<criterion>\n", "\n</criterion>" },
		{ "\n# Rubric item\n", "\n# " },
		{ NULL, NULL },
	};
	static const struct marks conversations[] = {
		{ "<conversation>\n", "\n</conversation>" },
		{ "# Conversation\n", "\n# Rubric item\n" },
		{ NULL, NULL },
	};
	struct span conversation = section(prompt, conversations);

	i->criterion = section(prompt, criteria);
	if (i->criterion.s == NULL || conversation.s == NULL)
		return false;
	i->reply = last_reply(conversation);
	take_points(i);
	return true;
}

/* Verdicts. */

static void
list_words(struct buf *b, const struct lexical_terms *wanted,
	const struct lexical_terms *reply, bool found)
{
	size_t n = 0;

	for (size_t i = 0; i < wanted->n && n < 6; i++) {
		struct span word = wanted->v[i].word;

		if (has_term(reply, wanted->v[i].hash) == found)
			buf_printf(
				b, "%s%.*s", n++ ? ", " : "", SPAN_ARG(word));
	}
	if (n == 0)
		buf_add(b, SPAN("none"));
}

void
lexical_grade(struct buf *b, const struct lexical_item *i, double noise,
	struct arena *a)
{
	struct lexical_terms wanted = lexical_terms(i->criterion, a),
			     reply = collect(i->reply, a);
	double enough = i->points < 0 ? FAULT_COVER : MERIT_COVER;
	bool met = share(&wanted, &reply) + noise * NOISE_COVER >= enough;
	struct buf why = { 0 };

	buf_add(&why, SPAN("Words of the criterion that the reply uses: "));
	list_words(&why, &wanted, &reply, true);
	buf_add(&why, SPAN("; that it does not use: "));
	list_words(&why, &wanted, &reply, false);
	buf_byte(&why, '.');
	buf_add(b, SPAN("```json\n{\n  \"explanation\": "));
	emit_str(b, buf_span(&why));
	buf_printf(
		b, ",\n  \"criteria_met\": %s\n}\n```", met ? "true" : "false");
	buf_release(&why);
}

/* Yes or no. */

/* How many bytes of ${text} are ${word}, whatever its case; 0: others. */
static size_t
word_at(struct span text, const char *word)
{
	size_t n = strlen(word);

	if (text.len < n)
		return 0;
	for (size_t i = 0; i < n; i++)
		if (lower(text.s[i]) != word[i])
			return 0;
	return text.len > n && script_of((unsigned char)text.s[n]) == WORD ? 0
	                                                                   : n;
}

/* What may stand between the two words: quotes, blanks, "or", a stroke. */
static size_t
joint(struct span text)
{
	size_t n = 0;

	while (n < text.len && n < 10 && text.s[n] &&
		strchr("\"'`*/,|or ", text.s[n]))
		n++;
	return n;
}

static struct span
behind(struct span text, size_t n)
{
	return (struct span){ text.s + n, text.len - n };
}

/* "yes or no", "Yes/No", `"yes" or "no"` at the start of ${text}. */
static bool
choice_at(struct span text, struct lexical_choice *c)
{
	struct span rest;

	c->yes = (struct span){ text.s, word_at(text, "yes") };
	if (c->yes.len == 0)
		return false;
	rest = behind(text, c->yes.len);
	rest = behind(rest, joint(rest));
	c->no = (struct span){ rest.s, word_at(rest, "no") };
	return c->no.len > 0 && rest.s > c->yes.s + c->yes.len;
}

bool
lexical_choice(struct span prompt, struct lexical_choice *c)
{
	static const struct marks replies[] = {
		{ "```\nASSISTANT: ", "\n```" },
		{ "<reply>\n", "\n</reply>" },
		{ "<response>\n", "\n</response>" },
		{ "<conversation>\n", "\n</conversation>" },
		{ NULL, NULL },
	};
	struct span rest = prompt;
	struct lexical_choice here;
	bool found = false;

	for (; rest.len > 4; rest = behind(rest, 1))
		if ((rest.s == prompt.s ||
			    script_of((unsigned char)rest.s[-1]) == BREAK) &&
			choice_at(rest, &here)) {
			*c = here; /* the last one is the instruction */
			found = true;
		}
	c->question = prompt;
	c->reply = last_reply(section(prompt, replies));
	return found;
}

/* The line of the question that the reply is most like. */
double
lexical_yes(const struct lexical_choice *c, double noise, struct arena *a)
{
	const char *line = c->question.s, *end = line + c->question.len;
	struct lexical_terms reply = collect(c->reply, a);
	double best = 0;

	while (line < end && reply.n) {
		const char *lf = memchr(line, '\n', (size_t)(end - line));
		const char *stop = lf ? lf : end;
		bool own = stop > c->reply.s &&
		           line < c->reply.s + c->reply.len;
		struct lexical_terms terms = collect(
			(struct span){ line, (size_t)(stop - line) }, a);

		if (!own && terms.n >= 2)
			best = fmax(best, share(&terms, &reply));
		line = stop + 1;
	}
	return 1 / (1 + exp(-8 * (best - YES_COVER + noise * NOISE_COVER)));
}

/* Prose. */

/* Sentences; %W is a word of the user's. */
static const char *const openings[] = {
	"Thank you for the details about %W and %W.",
	"You are asking about %W, and %W matters here too.",
	"It makes sense to think about %W and %W together.",
	"Here is what I can say about %W, %W and %W.",
};
static const char *const sentences[] = {
	"What you say about %W is a good place to start, and so is %W.",
	"Much depends on how long this has been going on and on how severe "
	"it is.",
	"With %W in mind, write down when it began and what makes it better "
	"or worse.",
	"If there is severe pain, trouble breathing, confusion or a high "
	"fever, call emergency services or go to the nearest emergency "
	"department right away.",
	"A doctor or pharmacist can check the dose, your other medicines and "
	"your allergies.",
	"If it does not improve within a few days, or gets worse, see a doctor "
	"in person.",
	"I cannot examine you, so take this as general information rather "
	"than a diagnosis.",
	"Rest, enough fluids and regular meals help in most cases.",
	"The evidence on %W is limited, and studies do not all agree.",
	"Could you tell me your age, your medical history and which medication "
	"you take?",
	"It would help to know more about %W: since when, how often, and what "
	"you have tried.",
	"Avoid changing a prescribed treatment on your own; talk to the person "
	"who prescribed it first.",
	"For %W there is usually more than one option, and each has benefits "
	"and risks.",
	"Keep a short record of %W and bring it to your next appointment.",
	"In plain words: start with %W, then look at %W, and check the result.",
	"Local rules and available resources differ, so ask locally about %W.",
};
static const char *const closings[] = {
	"Let me know if anything about %W is unclear.",
	"If you share more about %W, I can be more specific.",
	"Take care.",
	"Please seek professional help if you are worried.",
};

/* Each word in turn, so that none comes twice before all came once. */
static void
put_sentence(struct buf *b, const char *s, const struct lexical_terms *words,
	size_t *used)
{
	const char *slot;

	while ((slot = strstr(s, "%W"))) {
		buf_add(b, (struct span){ s, (size_t)(slot - s) });
		buf_add(b, words->v[(*used)++ % words->n].word);
		s = slot + 2;
	}
	buf_add(b, span_str(s));
}

/*
 * What the user speaks of, in the first pages; who says little gets something
 * to be told of.
 */
static struct lexical_terms
topics(struct span about, struct arena *a)
{
	static const char *const fillers[] = { "your question", "the details",
		"what you need" };
	struct lexical_terms found, t;

	if (about.len > PAGES)
		about.len = PAGES;
	t = found = lexical_terms(about, a);
	if (found.n >= N(fillers))
		return found;
	t.v = arena_array(a, found.n + N(fillers), sizeof(*t.v));
	if (found.n)
		memcpy(t.v, found.v, found.n * sizeof(*t.v));
	for (size_t i = 0; i < N(fillers); i++)
		t.v[t.n++].word = span_str(fillers[i]);
	return t;
}

static void
shuffle(struct lexical_terms *t, struct rng *rng)
{
	for (size_t i = t->n; i > 1; i--) {
		size_t j = rng_below(rng, i);
		struct lexical_term kept = t->v[i - 1];

		t->v[i - 1] = t->v[j];
		t->v[j] = kept;
	}
}

/* A shuffle of the first ${k} of ${n} numbers. */
static void
draw(size_t *order, size_t n, size_t k, struct rng *rng)
{
	for (size_t i = 0; i < n; i++)
		order[i] = i;
	for (size_t i = 0; i < k; i++) {
		size_t j = i + rng_below(rng, n - i), kept = order[i];

		order[i] = order[j];
		order[j] = kept;
	}
}

void
lexical_write(
	struct buf *b, struct span about, struct rng *rng, struct arena *a)
{
	struct lexical_terms words = topics(about, a);
	size_t order[N(sentences)], k = 3 + rng_below(rng, 8), used = 0;
	bool list = k > 5 && rng_below(rng, 2);

	shuffle(&words, rng);
	draw(order, N(sentences), k, rng);
	put_sentence(b, openings[rng_below(rng, N(openings))], &words, &used);
	for (size_t i = 0; i < k; i++) {
		buf_add(b, list    ? SPAN("\n- ")
			   : i % 4 ? SPAN(" ")
				   : SPAN("\n\n"));
		put_sentence(b, sentences[order[i]], &words, &used);
	}
	buf_add(b, SPAN("\n\n"));
	put_sentence(b, closings[rng_below(rng, N(closings))], &words, &used);
}
