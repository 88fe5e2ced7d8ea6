/*
 * dense: descriptors on a grid, wherever there is contrast.
 *
 * Keypoints starve where a picture is blurred, as renderings of a reconstructed
 * town are. So every DENSE_STEP pixels there are four upright RootSIFT
 * descriptors, of cells 4, 6, 8 and 10 pixels wide, of the picture made so small
 * that its longer side has DENSE_SIDE pixels at the most (after Torii, Arandjelovic,
 * Sivic, Okutomi and Pajdla, "24/7 place recognition by view synthesis", CVPR
 * 2015). They are laid out as those of sift.h, and 4 x 4 cells of gradients in 8
 * directions too, but each pixel counts for the two nearest directions and the
 * four nearest cells, and the outer cells count less as a whole.
 *
 * Gradients are rounded to whole numbers before they are summed, and the rest is
 * + - * / and square roots in one order: the bytes are the same on every machine.
 */
#ifndef VISION_DENSE_H
#define VISION_DENSE_H

struct features;
struct features_in;

#define DENSE_STEP 4
#define DENSE_SIDE 640

/*
 * dense_find(in, f): The descriptors of a picture into ${f}, scale by scale, row by
 * row; its keypoints are where they were found, in pixels of the picture, with
 * half a cell as scale. Where less than one grey level a pixel changes, or a
 * pixel is hidden, there is none.
 */
void dense_find(const struct features_in *in, struct features *f);

#endif
