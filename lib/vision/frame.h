/*
 * frame: a picture that was rendered, as files and as a record.
 *
 * Two PNGs below a directory, DIR/ID.png and for its depth DIR/ID.depth.png, and
 * the members of an image record that say what they are and where the camera
 * was (cupel-record(5)). Depth is along the camera's z axis, in metres; the map
 * has whole steps of a unit, 1 to 65535, and 0 where it is unknown. The paths
 * are the frame's, for frame_release; the rest is the caller's.
 */
#ifndef VISION_FRAME_H
#define VISION_FRAME_H

#include "vision/camera.h"
#include "vision/image.h"

struct frame {
	const char *id;
	struct camera camera;
	struct pose pose, truth; /* as the record says; as it is */
	double unit; /* of the depth map, metres; 0: there is none */
	struct buf image, depth; /* paths */
};

/* frame_name(f, dir, e): Set the paths. Returns 0, or -1 with ${e}. */
int frame_name(struct frame *f, const char *dir, struct err *e);

/*
 * frame_depth(metres, unit, im, e): A depth map, of the size that ${im} has; what
 * is infinite or farther than 65535 units becomes 0. Returns 0, or -1 with ${e}.
 */
int frame_depth(
	const float *metres, double unit, struct image *im, struct err *e);

/* frame_save(f, im, e), frame_save_depth(f, metres, e): Write the file. */
int frame_save(struct frame *f, const struct image *im, struct err *e);
int frame_save_depth(struct frame *f, const float *metres, struct err *e);

/*
 * frame_emit(b, f): "id" and what follows to "depth_invalid", into the object
 * that ${b} is in the middle of; "truth" where the pose is not the true one.
 */
void frame_emit(struct buf *b, const struct frame *f);

void frame_release(struct frame *f);

#endif
