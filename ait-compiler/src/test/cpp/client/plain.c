/* The interface from C: a run, and why one fails. */
#include <stdio.h>
#include <string.h>
#include "aitemplate.h"

#define SUCCEED(call)                                              \
  if ((call) != AITemplateSuccess) {                               \
    fprintf(stderr, "%s: %s\n", #call, ait4j_last_error());        \
    return 1;                                                      \
  }

static float w[32], b[4] = {1, 1, 1, 1}, gain[8] = {3, 3, 3, 3, 3, 3, 3, 3}, x[16], z[8], y[24], t[48];

static AITData data(float* values, const int64_t* sizes, size_t rank) {
  AITData d = {values, {sizes, rank}, AITemplateDtype_kFloat};
  return d;
}

int main(void) {
  static const int64_t w_sizes[] = {4, 8}, x_sizes[] = {2, 8}, z_sizes[] = {2, 4}, y_sizes[] = {6, 4}, t_sizes[] = {6, 8};
  int64_t y_shape[2], t_shape[2];
  int64_t* shapes[] = {y_shape, t_shape};
  AITemplateModelHandle model;
  AITemplateAllocator* allocator;
  AITData inputs[2], outputs[2], w_data = data(w, w_sizes, 2), b_data = data(b, w_sizes, 1), gain_data = data(gain, w_sizes + 1, 1);
  for (int i = 0; i < 32; i++) w[i] = 1;
  for (int i = 0; i < 16; i++) x[i] = 2;
  inputs[0] = data(x, x_sizes, 2);
  inputs[1] = data(z, z_sizes, 2);
  outputs[0] = data(y, y_sizes, 2);
  outputs[1] = data(t, t_sizes, 2);
  SUCCEED(AITemplateAllocatorCreate(&allocator, AITemplateAllocatorType_kTracking));
  SUCCEED(AITemplateModelContainerCreate(&model, 1, allocator));
  SUCCEED(AITemplateModelContainerSetConstant(model, "fc.weight", &w_data));
  SUCCEED(AITemplateModelContainerSetConstant(model, "fc.bias", &b_data));
  if (AITemplateModelContainerRun(model, inputs, 2, outputs, 2, NULL, true, false, shapes) != AITemplateFailure) return 2;
  if (!strstr(ait4j_last_error(), "is not set")) return 3;
  SUCCEED(AITemplateModelContainerSetConstant(model, "gain", &gain_data));
  SUCCEED(AITemplateModelContainerRun(model, inputs, 2, outputs, 2, NULL, true, false, shapes));
  if (y_shape[0] != 2 || t_shape[1] != 8) return 4;
  for (int i = 0; i < 8; i++)
    if (y[i] != 33) return 5; /* 8 * 2 * 2 + 1 */
  for (int i = 0; i < 16; i++)
    if (t[i] != 6) return 6;
  SUCCEED(AITemplateModelContainerDelete(model));
  SUCCEED(AITemplateAllocatorDelete(allocator));
  puts("C can call it, too");
  return 0;
}
