/*
 * dlt: a homogeneous matrix from many pairs, by least squares.
 *
 * The direct linear transformation: each pair gives rows that the nine elements,
 * as a vector of length 1, should be orthogonal to; they are the eigenvector of
 * the least eigenvalue of the sum of row' row. That is only sound in coordinates
 * whose origin is the centroid and whose mean square is 2 (Hartley, "In defense
 * of the eight-point algorithm", 1997): the frames.
 *
 * Pairs are x1 y1 x2 y2; of many, those that ${index} names are used.
 */
#ifndef VISION_DLT_H
#define VISION_DLT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Some of the pairs. */
struct dlt_pairs {
	const double (*at)[4];
	const uint32_t *index;
	size_t n;
};

/* A frame's coordinates are s times those less the origin. */
struct dlt_frame {
	double s, x, y;
};

/* dlt_frames(p, frame): Of both images; false where all points are one. */
bool dlt_frames(const struct dlt_pairs *p, struct dlt_frame frame[2]);

/* The matrix to a frame, and back from it. */
void dlt_to(const struct dlt_frame *f, double m[9]);
void dlt_from(const struct dlt_frame *f, double m[9]);

/* dlt_row(sum, row): Add row' row to the upper triangle of a 9 x 9 matrix. */
void dlt_row(double sum[81], const double row[9]);

/*
 * dlt_least(sum, m): The unit vector of the least eigenvalue, by inverse
 * iteration: where two are nearly the same, one of their plane. False where there
 * is none.
 */
bool dlt_least(double sum[81], double m[9]);

#endif
