/*
 * data: the files that come with the tools: graders, prices.
 *
 * They are found wherever the tools are: installed, or in the build folder of a
 * source tree. $CUPEL_DATA names a folder that is looked in first, for people
 * who keep their own.
 */
#ifndef BASE_DATA_H
#define BASE_DATA_H

#include "buf.h"

/*
 * data_path(path, name, e): Put the path of the data file ${name}, such as
 * "graders/healthbench.yaml", into ${path} (emptied first). Returns 0, or -1
 * with the places looked in named in ${e}.
 */
int data_path(struct buf *path, const char *name, struct err *e);

/*
 * data_yaml(path, dir, name, e): Put into ${path} the file that a person means
 * by ${name}: itself where it ends in ".yaml" or holds a "/", else the data file
 * "${dir}/NAME.yaml". Returns 0, or -1 as data_path does.
 */
int data_yaml(
	struct buf *path, const char *dir, const char *name, struct err *e);

#endif
