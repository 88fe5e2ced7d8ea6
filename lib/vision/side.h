/*
 * side: the files beside the records, which hold what is too many numbers for
 * JSON.
 *
 * A side file belongs to an image: DIR/IMAGE.kpt, or IMAGE.kpt beside the image
 * where no directory was asked for. It is raw numbers, little-endian on every
 * host, without a header: the record that names it says how many there are. It
 * has its name only when it is complete.
 */
#ifndef VISION_SIDE_H
#define VISION_SIDE_H

#include <stdint.h>

#include "base/buf.h"

/* No side file is longer. */
#define SIDE_MOST ((size_t)1 << 31)

/*
 * side_path(path, dir, image, extension, e): Put the name of the side file of
 * ${image} (a JSON string, decoded) with the ${extension}, ".kpt" say, into
 * ${path}, emptied first and ended by a NUL. Without a ${dir} (NULL) it stands
 * beside the image. With one the name is below it, whatever the image is called:
 * between the slashes ".." becomes "__", and the slash that a path begins with
 * the directory "_". What is only "_"s there, or ends in ".overlapping" and any
 * number of them, gets two more; what is empty or "." is left out.
 *
 * No two images have one name. What another part becomes does not end so, or has
 * three "_"s or more where it is all "_"s; two of them off give it back, and "_"
 * and "__" can only be ours. What matters is the parts: those left out name
 * nothing. For pairs, QUERY.overlapping/MATCH, the last part that ends in
 * ".overlapping" ends the query, as MATCH has none.
 *
 * Returns 0, or -1 where the image's name cannot be a file's.
 */
int side_path(struct buf *path, const char *dir, struct span image,
	const char *extension, struct err *e);

/*
 * side_save(b, path, e): Make it the contents of the file, and the directories
 * that lead there where they are missing. It can be made again, so nobody waits
 * for the disk: see buf_renew.
 */
int side_save(const struct buf *b, const char *path, struct err *e);

/* side_parents(path, e): Make the directories that lead there, if need be. */
int side_parents(const char *path, struct err *e);

/* side_drop(path, e): Remove it, if it is a plain file that is there. */
int side_drop(const char *path, struct err *e);

/*
 * side_named(record, name, a, e): The path of the file that the member ${name}
 * of a record names, in ${a}; NULL where it is missing or no path.
 */
const char *side_named(
	struct span record, const char *name, struct arena *a, struct err *e);

/*
 * side_load(b, path, n, size, e): Append the file, which has to hold ${n}
 * elements of ${size} bytes. Returns 0, or -1 with ${e} saying that it is not
 * there, or how long it is and how long it should be.
 */
int side_load(
	struct buf *b, const char *path, size_t n, size_t size, struct err *e);

/* Four bytes, the lowest first, as a number: there and back; eight: there. */
void side_put_u32(struct buf *b, uint32_t value);
void side_put_f32(struct buf *b, float value);
void side_put_f64(struct buf *b, double value);
uint32_t side_u32(const void *at);
float side_f32(const void *at);

#endif
