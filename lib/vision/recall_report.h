/*
 * recall_report: what is found about places and poses, as records or a table.
 */
#ifndef VISION_RECALL_REPORT_H
#define VISION_RECALL_REPORT_H

#include "record/stream.h"
#include "vision/poses.h"
#include "vision/recall.h"

struct recall_report {
	struct stream *st;
	bool each;       /* a record for each query, too */
	bool table;      /* for people instead of records */
	bool answerable; /* without queries that have no right image */
	uint64_t errors; /* records that could not be used */
	struct buf json; /* for the module */
};

/* recall_report_places(to, r): Judge the answers, and write the results. */
void recall_report_places(struct recall_report *to, struct recall *r);

/* recall_report_poses(to, p): Write the errors of the poses. */
void recall_report_poses(struct recall_report *to, const struct poses *p);

#endif
