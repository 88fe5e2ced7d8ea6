#include "record/rec_file.h"

int
rec_file_open(struct rec_file *f, const char *path, struct err *e)
{
	*f = (struct rec_file){ .path = path };
	if (buf_file(&f->text, path, e))
		return -1;
	f->rest = buf_span(&f->text);
	return 0;
}

int
rec_file_next(struct rec_file *f, struct rec *r, struct json_fault *fault)
{
	struct span line;

	while (span_line(&f->rest, &line)) {
		f->line++;
		line = span_trim(line, " \t\r");
		if (line.len == 0)
			continue;
		if (rec_parse(r, line, fault))
			return -1;
		r->file = f->path;
		r->line = f->line;
		return 1;
	}
	return 0;
}

void
rec_file_release(struct rec_file *f)
{
	buf_release(&f->text);
}
