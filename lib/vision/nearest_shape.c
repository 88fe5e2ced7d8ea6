#include "nearest_shape.h"

#define GROUP_16                                                               \
	{                                                                      \
		16, 16                                                         \
	}
#define WARPS_4                                                                \
	{                                                                      \
		128, 1                                                         \
	}
#define ITEM                                                                   \
	{                                                                      \
		1, 1                                                           \
	}
#define GROUP_64                                                               \
	{                                                                      \
		64, 1                                                          \
	}

/*
 * On CPUs a batch of queries goes with a tile of columns that the first cache
 * holds: 16 blocks of 8 columns are 32 KB with MADD and 64 KB as floats.
 */
const struct nearest_shape nearest_shapes[] = {
	{ "madd-4x2", FEATURES_ROOTSIFT, .cpu = true,
		.options = "-DCOLUMNS -DMADD -DQ=4 -DC=2 -DBATCH=64 -DTILE=16",
		.rows = 64, .items = ITEM, .packed = 256 },
	{ "madd-5x2", FEATURES_ROOTSIFT, .cpu = true,
		.options = "-DCOLUMNS -DMADD -DQ=5 -DC=2 -DBATCH=80 -DTILE=16",
		.rows = 80, .items = ITEM, .packed = 256 },
	{ "madd-2x4", FEATURES_ROOTSIFT, .cpu = true,
		.options = "-DCOLUMNS -DMADD -DQ=2 -DC=4 -DBATCH=64 -DTILE=16",
		.rows = 64, .items = ITEM, .packed = 256 },
	{ "float-6x2", FEATURES_ROOTSIFT, .cpu = true,
		.options = "-DCOLUMNS -DQ=6 -DC=2 -DBATCH=48 -DTILE=8",
		.rows = 48, .items = ITEM, .packed = 512 },
	{ "float-4x2", FEATURES_ROOTSIFT, .cpu = true,
		.options = "-DCOLUMNS -DQ=4 -DC=2 -DBATCH=32 -DTILE=8",
		.rows = 32, .items = ITEM, .packed = 512 },
	{ "mma", FEATURES_ROOTSIFT, .gpu = true, .probed = true,
		.feature = DEVICE_MMA, .options = "-DMMA", .rows = 128,
		.items = WARPS_4 },
	{ "dp4a-8x8", FEATURES_ROOTSIFT, .gpu = true, .probed = true,
		.feature = DEVICE_DP4A, .options = "-DTILED -DDP4A -DR=8",
		.rows = 128, .items = GROUP_16 },
	{ "dp4a-4x4", FEATURES_ROOTSIFT, .gpu = true, .probed = true,
		.feature = DEVICE_DP4A, .options = "-DTILED -DDP4A -DR=4",
		.rows = 64, .items = GROUP_16 },
	{ "dot-8x8", FEATURES_ROOTSIFT, .gpu = true, .probed = true,
		.feature = DEVICE_DOT,
		.options = "-cl-std=CL3.0 -DTILED -DDOT -DR=8", .rows = 128,
		.items = GROUP_16 },
	{ "dot-4x4", FEATURES_ROOTSIFT, .gpu = true, .probed = true,
		.feature = DEVICE_DOT,
		.options = "-cl-std=CL3.0 -DTILED -DDOT -DR=4", .rows = 64,
		.items = GROUP_16 },
	{ "tile-8x8", FEATURES_ROOTSIFT, .gpu = true,
		.options = "-DTILED -DR=8", .rows = 128, .items = GROUP_16 },
	{ "tile-4x4", FEATURES_ROOTSIFT, .gpu = true,
		.options = "-DTILED -DR=4", .rows = 64, .items = GROUP_16 },
	{ "float-1x1", FEATURES_ROOTSIFT, .cpu = true, .gpu = true,
		.options = "-DCOLUMNS -DQ=1 -DC=1 -DBATCH=1 -DTILE=16",
		.rows = 1, .items = ITEM, .packed = 512 },
	{ "bits-4", FEATURES_ORB, .cpu = true, .options = "-DBITS -DQ=4",
		.rows = 4, .items = ITEM },
	{ "bits-8", FEATURES_ORB, .cpu = true, .options = "-DBITS -DQ=8",
		.rows = 8, .items = ITEM },
	{ "bits-2x64", FEATURES_ORB, .gpu = true, .options = "-DBITS -DQ=2",
		.rows = 128, .items = GROUP_64 },
	{ "bits-1x64", FEATURES_ORB, .gpu = true, .options = "-DBITS -DQ=1",
		.rows = 64, .items = GROUP_64 },
	{ "bits-1", FEATURES_ORB, .cpu = true, .gpu = true,
		.options = "-DBITS -DQ=1", .rows = 1, .items = ITEM },
	{ 0 },
};

const struct nearest_shape *
nearest_shape_named(struct span name)
{
	const struct nearest_shape *s = nearest_shapes;

	while (s->name && !span_is(name, s->name))
		s++;
	return s->name ? s : NULL;
}

bool
nearest_shape_fits(const struct nearest_shape *s, struct device *d)
{
	const struct device_info *info = device_info(d);
	const size_t *items = s->items;

	return (info->cpu ? s->cpu : s->gpu) &&
	       items[0] * items[1] <= info->group_max &&
	       items[0] <= info->item_max[0] && items[1] <= info->item_max[1] &&
	       (!s->probed || device_can(d, s->feature));
}
