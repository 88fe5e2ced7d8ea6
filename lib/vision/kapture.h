/*
 * kapture: folders of the kapture format, 1.1.
 *
 * A folder has sensors/ with sensors.txt, records_camera.txt, trajectories.txt
 * and rigs.txt, the images below sensors/records_data/, and in reconstruction/
 * keypoints and descriptors of one or several types, each with a text file that
 * says what its numbers are. Its .kpt and .desc are our side files, its cameras
 * and poses ours, and a type is named after ours: "rootsift" or "orb".
 */
#ifndef VISION_KAPTURE_H
#define VISION_KAPTURE_H

#include "base/map.h"
#include "vision/colmap.h"

/*
 * kapture_read(dir, type, each, arg, e): Call ${each} with the record of every
 * image in the folder, a JSON object: with camera and pose where they are known
 * and keypoints and descriptors where it has such as ${type}. Returns 0, what
 * ${each} returned if that is not 0, or -1 with ${e} filled.
 */
int kapture_read(const char *dir, enum features_type type,
	int (*each)(struct span record, void *arg), void *arg, struct err *e);

/* What the text files of a folder begin with. */
#define KAPTURE_HEAD "# kapture format: 1.1\n"

/* What a folder is to say; a zeroed one with its ${dir} is nothing. */
struct kapture {
	const char *dir;
	struct map cameras; /* by what sensors.txt says of them */
	struct map poses;   /* by what trajectories.txt says; "" is none */
	struct map images;  /* by their names in the folder */
	struct kapture_image {
		size_t camera, pose; /* indices of these */
	} * v;                       /* by the name's index */
	size_t cap;
	bool typed[2]; /* by features_type: its text files are there */
};

/*
 * kapture_paths(k, image, type, paths, e): Where an image's keypoints and
 * descriptors belong; the text files that say what they are are written first.
 */
int kapture_paths(struct kapture *k, struct span image, enum features_type type,
	struct buf paths[2], struct err *e);

/*
 * kapture_note(k, name, record, e): Note the camera and the pose in the record
 * of an image, a JSON object, which the folder has by that name; the last record
 * of an image counts. -1 where they are not such as the format can say.
 * kapture_add: The same by an image's path, which the name is made of.
 */
int kapture_note(
	struct kapture *k, struct span name, struct span record, struct err *e);
int kapture_add(struct kapture *k, struct span image, struct span record,
	struct err *e);

/*
 * kapture_match(dir, names, type, m, e): Write the matches of two images into
 * the folder. Each is three float64: the indices and how alike the descriptors
 * are, from 0 to 1; the image whose name comes first is the first.
 */
int kapture_match(const char *dir, const struct span names[2],
	enum features_type type, const struct matches *m, struct err *e);

/*
 * kapture_close(k, e): Add what was noted to the folder, and release it. Lines
 * that are there stay, but for those of an image of which something else was
 * noted: it gets new ones. Returns 0, or -1 with ${e} where a file cannot be
 * read or written.
 */
int kapture_close(struct kapture *k, struct err *e);

/* kapture_release(k): Forget what was noted. */
void kapture_release(struct kapture *k);

#endif
