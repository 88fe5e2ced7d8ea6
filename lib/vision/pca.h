/*
 * pca: the directions in which vectors differ most, and by how much.
 *
 * Of many dimensions and few vectors the directions are found from the dot
 * products of the vectors, whose matrix is small: where G = X X' has the
 * eigenvector u with the eigenvalue s^2, X'X has X'u / s with the same. Each
 * direction is divided by the spread along it (whitening; Jegou and Chum, ECCV
 * 2012). A direction points so that its largest number is positive.
 */
#ifndef VISION_PCA_H
#define VISION_PCA_H

#include <stddef.h>

#include "base/die.h"

/* The most vectors that directions are found from. */
#define PCA_MOST 1024

struct pca {
	float *rows; /* n x length; the mean is taken off them */
	size_t n, length;
	size_t dims; /* how many directions, at the most */
	float *mean; /* length: filled */
	float *axes; /* dims x length: filled */
};

/*
 * pca_find(p, e): Find them, those of the greatest spread first. Where there are
 * fewer than ${p->dims} it becomes their number: below n, and none where all
 * vectors are the same. Returns 0, or -1 with ${e} filled.
 */
int pca_find(struct pca *p, struct err *e);

/*
 * pca_dot(a, b, length): Their dot product, in double and in one order, whatever
 * the machine. ${length} is a multiple of 8.
 */
double pca_dot(const float *a, const float *b, size_t length);

#endif
