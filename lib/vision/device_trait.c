#include "device_trait.h"

const struct device_trait device_traits[DEVICE_FEATURES] = {
	[DEVICE_FP16] = { "fp16", "-DPROBE_FP16", false },
	[DEVICE_FP64] = { "fp64", "-DPROBE_FP64", false },
	[DEVICE_DOT] = { "integer_dot_product", "-DPROBE_DOT -cl-std=CL3.0",
		false },
	[DEVICE_DP4A] = { "dp4a", "-DPROBE_DP4A", true },
	[DEVICE_MMA] = { "mma", "-DPROBE_MMA", true },
};
