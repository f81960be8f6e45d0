// The geometry of a convolution as it goes from the host to a kernel. Dimensions in space are depth, height, width; one that is
// missing has size 1.
#pragma once
#include <cstdint>

namespace ait {

struct ConvProblem {
  int64_t images, channels, outputs, groups;
  int64_t in[3], out[3], kernel[3], stride[3], pad[3], dilation[3];
  int64_t x_image, x_channel, x_step[3];  // of the image, in elements
  int64_t w_output, w_channel, w_step[3]; // of the weights
};

} // namespace ait
