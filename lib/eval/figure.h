/*
 * figure: how rewards are distributed, before and after the rules, as SVG.
 *
 * For each response type two histograms side by side on the same axes: what the
 * reward model gives, and the reward that training gets. A completion's reward
 * is taken less the mean of the ideal ones of its prompt (eval/centred.h), so
 * whatever is right of 0 outranks them. It is how the paper on Rule Based
 * Rewards shows what the rules do.
 */
#ifndef EVAL_FIGURE_H
#define EVAL_FIGURE_H

#include "eval/sheet.h"

/* figure_svg(s, b): Append the picture of a sheet of rewards. */
void figure_svg(const struct sheet *s, struct buf *b);

#endif
