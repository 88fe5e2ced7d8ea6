/*
 * rec_file: a file of records, read whole.
 *
 * For what a tool needs beside its stream: the list of queries, the collection
 * to search. The records come in their order, blank lines are none, and what
 * they point to lives as long as the file.
 */
#ifndef RECORD_REC_FILE_H
#define RECORD_REC_FILE_H

#include "record/rec.h"

struct rec_file {
	const char *path;
	struct buf text;
	struct span rest; /* of the text: what was not handed out */
	uint64_t line;    /* of the last record */
};

/* rec_file_open(f, path, e): Read it, "-" for standard input; 0 or -1. */
int rec_file_open(struct rec_file *f, const char *path, struct err *e);

/*
 * rec_file_next(f, r, fault): The next record. Returns 1, 0 at the end, or -1
 * with ${fault} filled where the line, ${f->line}, is no record.
 */
int rec_file_next(struct rec_file *f, struct rec *r, struct json_fault *fault);

void rec_file_release(struct rec_file *f);

#endif
