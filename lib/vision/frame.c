#include "vision/frame.h"

#include <string.h>

#include "record/emit.h"
#include "vision/side.h"

int
frame_name(struct frame *f, const char *dir, struct err *e)
{
	struct span id = span_str(f->id);

	if (side_path(&f->image, dir, id, ".png", e))
		return -1;
	return side_path(&f->depth, dir, id, ".depth.png", e);
}

int
frame_depth(const float *metres, double unit, struct image *im, struct err *e)
{
	size_t n = (size_t)im->width * im->height;

	im->channels = 1;
	im->bits = 16;
	if (image_make(im, e))
		return -1;
	for (size_t i = 0; i < n; i++) {
		double steps = (double)metres[i] / unit + 0.5;

		im->samples[i] = steps < 65536 ? (uint16_t)steps : 0;
	}
	return 0;
}

static int
save(const struct image *im, struct buf *path, struct err *e)
{
	if (side_parents(buf_cstr(path), e))
		return -1;
	return image_write(im, buf_cstr(path), e);
}

int
frame_save(struct frame *f, const struct image *im, struct err *e)
{
	return save(im, &f->image, e);
}

int
frame_save_depth(struct frame *f, const float *metres, struct err *e)
{
	struct image im = { .width = f->camera.width,
		.height = f->camera.height };
	int rc = frame_depth(metres, f->unit, &im, e);

	rc = rc ? rc : save(&im, &f->depth, e);
	image_release(&im);
	return rc;
}

void
frame_emit(struct buf *b, const struct frame *f)
{
	emit_key(b, "id"), emit_cstr(b, f->id);
	emit_key(b, "image"), emit_str(b, buf_span(&f->image));
	camera_emit(b, &f->camera);
	pose_emit(b, &f->pose);
	emit_key(b, "pose"), emit_cstr(b, "world_to_camera");
	emit_key(b, "pixel_center"), emit_f64(b, 0.5);
	emit_key(b, "unit"), emit_cstr(b, "m");
	if (memcmp(&f->pose, &f->truth, sizeof(f->pose))) {
		emit_key(b, "truth"), emit_begin(b, '{');
		pose_emit(b, &f->truth);
		emit_end(b, '}');
	}
	if (f->unit > 0) {
		emit_key(b, "depth"), emit_str(b, buf_span(&f->depth));
		emit_key(b, "depth_scale"), emit_f64(b, f->unit);
		emit_key(b, "depth_kind"), emit_cstr(b, "z");
		emit_key(b, "depth_invalid"), emit_u64(b, 0);
	}
}

void
frame_release(struct frame *f)
{
	buf_release(&f->image);
	buf_release(&f->depth);
}
