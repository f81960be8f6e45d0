// Every misuse of AITemplate's interface is an error with a reason, and the container goes on working.
#include "client.h"

static void nothing_given() {
  size_t number;
  float millis;
  const char* text;
  AITemplateDtype dtype;
  AITemplateParamShape shape;
  AITData data;
  REFUSE("the container is null", AITemplateModelContainerDelete(nullptr));
  REFUSE("the container is null", AITemplateModelContainerSetConstant(nullptr, "gain", &data));
  REFUSE("the container is null", AITemplateModelContainerSetManyConstants(nullptr, &text, &data, 1));
  REFUSE("the container is null", AITemplateModelContainerSetDoubleBufferConstant(nullptr, nullptr, "gain", &data));
  REFUSE("the container is null", AITemplateModelContainerSetManyDoubleBufferConstants(nullptr, nullptr, &text, &data, 1));
  REFUSE("the container is null", AITemplateModelContainerGetNumConstants(nullptr, false, false, &number));
  REFUSE("the container is null", AITemplateModelContainerGetConstantNames(nullptr, false, false, &text));
  REFUSE("the container is null", AITemplateModelContainerGetConstantDtype(nullptr, "gain", &dtype));
  REFUSE("the container is null", AITemplateModelContainerGetConstantOriginalName(nullptr, "gain", &text));
  REFUSE("the container is null", AITemplateModelContainerRun(nullptr, &data, 1, &data, 1, nullptr, true, false, nullptr));
  REFUSE("the container is null",
         AITemplateModelContainerRunWithOutputsOnHost(nullptr, &data, 1, &data, 1, nullptr, false, nullptr));
  REFUSE("the container is null", AITemplateModelContainerProfile(nullptr, &data, 1, &data, 1, nullptr, 1, "p"));
  REFUSE("the container is null",
         AITemplateModelContainerBenchmark(nullptr, &data, 1, &data, 1, nullptr, false, 1, 1, false, &millis, nullptr));
  REFUSE("the container is null", AITemplateModelContainerGetNumInputs(nullptr, &number));
  REFUSE("the container is null", AITemplateModelContainerGetInputName(nullptr, 0, &text));
  REFUSE("the container is null", AITemplateModelContainerGetMaximumInputShape(nullptr, 0, &shape));
  REFUSE("the container is null", AITemplateModelContainerGetInputDtype(nullptr, 0, &dtype));
  REFUSE("the container is null", AITemplateModelContainerGetNumOutputs(nullptr, &number));
  REFUSE("the container is null", AITemplateModelContainerGetOutputName(nullptr, 0, &text));
  REFUSE("the container is null", AITemplateModelContainerGetMaximumOutputShape(nullptr, 0, &shape));
  REFUSE("the container is null", AITemplateModelContainerGetOutputDtype(nullptr, 0, &dtype));
  REFUSE("the container is null", AITemplateModelContainerGetNumRuntimes(nullptr, &number));
  REFUSE("the container is null", AITemplateModelContainerFoldConstants(nullptr, nullptr, true));
  REFUSE("the container is null", AITemplateModelContainerFoldConstantsInDoubleBuffer(nullptr, nullptr, true));
  REFUSE("the container is null", AITemplateModelContainerSwapConstants(nullptr));
  REFUSE("is null", AITemplateAllocatorCreate(nullptr, AITemplateAllocatorType::kDefault));
  REFUSE("is null", AITemplateAllocatorDelete(nullptr));
  REFUSE("is null", AITemplateTrackingAllocatorGetNumBytes(nullptr, &number));
  REFUSE("is null", AITemplateDeviceMalloc(nullptr, 1));
  REFUSE("is null", AITemplateMemcpy(nullptr, &number, 1, AITemplateMemcpyKind::HostToDevice));
  AITemplateModelHandle handle = nullptr;
  REFUSE("is null", AITemplateModelContainerCreate(nullptr, 1));
  REFUSE("must be positive", AITemplateModelContainerCreate(&handle, 0));
  CHECK(!handle);
}

static void no_room_for_the_answer(AITemplateModelHandle model) {
  REFUSE("is null", AITemplateModelContainerGetNumConstants(model, false, false, nullptr));
  REFUSE("is null", AITemplateModelContainerGetConstantNames(model, false, false, nullptr));
  REFUSE("is null", AITemplateModelContainerGetConstantDtype(model, "gain", nullptr));
  REFUSE("is null", AITemplateModelContainerGetConstantOriginalName(model, "gain", nullptr));
  REFUSE("is null", AITemplateModelContainerGetNumInputs(model, nullptr));
  REFUSE("is null", AITemplateModelContainerGetInputName(model, 0, nullptr));
  REFUSE("is null", AITemplateModelContainerGetMaximumInputShape(model, 0, nullptr));
  REFUSE("is null", AITemplateModelContainerGetInputDtype(model, 0, nullptr));
  REFUSE("is null", AITemplateModelContainerGetNumOutputs(model, nullptr));
  REFUSE("is null", AITemplateModelContainerGetOutputName(model, 0, nullptr));
  REFUSE("is null", AITemplateModelContainerGetMaximumOutputShape(model, 0, nullptr));
  REFUSE("is null", AITemplateModelContainerGetOutputDtype(model, 0, nullptr));
  REFUSE("is null", AITemplateModelContainerGetNumRuntimes(model, nullptr));
}

static void no_such_thing(AITemplateModelHandle model) {
  const char* text;
  AITemplateDtype dtype;
  AITemplateParamShape shape;
  REFUSE("there is no input 2", AITemplateModelContainerGetInputName(model, 2, &text));
  REFUSE("there is no input 2", AITemplateModelContainerGetMaximumInputShape(model, 2, &shape));
  REFUSE("there is no input", AITemplateModelContainerGetInputDtype(model, SIZE_MAX, &dtype));
  REFUSE("there is no output 2", AITemplateModelContainerGetOutputName(model, 2, &text));
  REFUSE("there is no output 2", AITemplateModelContainerGetMaximumOutputShape(model, 2, &shape));
  REFUSE("there is no output 2", AITemplateModelContainerGetOutputDtype(model, 2, &dtype));
  REFUSE("there is no constant elsewhere", AITemplateModelContainerGetConstantDtype(model, "elsewhere", &dtype));
  REFUSE("there is no constant elsewhere", AITemplateModelContainerGetConstantOriginalName(model, "elsewhere", &text));
  REFUSE("name is null", AITemplateModelContainerGetConstantDtype(model, nullptr, &dtype));
}

static void wrong_constants(Model& model, DeviceWeights& weights) {
  AITData data = weights.data[2];
  const char* gain = "gain";
  REFUSE("name of a constant is null", AITemplateModelContainerSetConstant(model.handle, nullptr, &data));
  REFUSE("data is null", AITemplateModelContainerSetConstant(model.handle, gain, nullptr));
  REFUSE("names is null", AITemplateModelContainerSetManyConstants(model.handle, nullptr, &data, 1));
  REFUSE("data is null", AITemplateModelContainerSetManyConstants(model.handle, &gain, nullptr, 1));
  SUCCEED(AITemplateModelContainerSetManyConstants(model.handle, nullptr, nullptr, 0));
  data.dtype = AITemplateDtype::kHalf;
  REFUSE("expected float32, got float16", AITemplateModelContainerSetConstant(model.handle, gain, &data));
  REFUSE("expected float32, got float16",
         AITemplateModelContainerSetDoubleBufferConstant(model.handle, nullptr, gain, &data));
  data = weights.data[1];
  REFUSE("expected 32 bytes, got 16", AITemplateModelContainerSetConstant(model.handle, gain, &data));
  const int64_t huge[] = {INT64_MAX / 2, 4}, negative[] = {-8};
  data.shape = AITemplateParamShape(huge, 2);
  REFUSE("has size", AITemplateModelContainerSetConstant(model.handle, gain, &data));
  data.shape = AITemplateParamShape(negative, 1);
  REFUSE("has size -8", AITemplateModelContainerSetConstant(model.handle, gain, &data));
  data.shape = AITemplateParamShape(nullptr, 1);
  REFUSE("shape is null", AITemplateModelContainerSetConstant(model.handle, gain, &data));
  data = weights.data[2];
  data.ptr = nullptr;
  REFUSE("data is null", AITemplateModelContainerSetConstant(model.handle, gain, &data));
  // Of several none is set where one is refused.
  Weights other(7);
  DeviceWeights others(other);
  others.data[2].dtype = AITemplateDtype::kLong;
  REFUSE("got int64", AITemplateModelContainerSetManyConstants(model.handle, others.names.data(), others.data.data(), 3));
}

static void wrong_runs(Model& model) {
  Request r(3, 1);
  auto run = [&](size_t inputs, size_t outputs) {
    return AITemplateModelContainerRun(model.handle, r.inputs, inputs, r.outputs, outputs, nullptr, true, false, r.shapes);
  };
  REFUSE("expected 2 inputs, got 1", run(1, 2));
  REFUSE("expected 2 outputs, got 3", run(2, 3));
  REFUSE("inputs are null", AITemplateModelContainerRun(model.handle, nullptr, 2, r.outputs, 2, nullptr, true, false, nullptr));
  REFUSE("outputs are null", AITemplateModelContainerRun(model.handle, r.inputs, 2, nullptr, 2, nullptr, true, false, nullptr));
  const AITData x = r.inputs[0], z = r.inputs[1], y = r.outputs[0];
  const int64_t seven[] = {7, 8}, transposed[] = {8, 3}, negative[] = {-1, 8}, rows[] = {2, 4};
  r.inputs[0].dtype = AITemplateDtype::kLong;
  REFUSE("expected float32 [3, 8], got int64", run(2, 2));
  r.inputs[0].dtype = AITemplateDtype(99);
  REFUSE("got no type", run(2, 2));
  r.inputs[0] = x;
  r.inputs[0].shape.size = 1;
  REFUSE("got float32 [3]", run(2, 2));
  r.inputs[0].shape.size = size_t(1) << 32;
  REFUSE("dimensions", run(2, 2));
  r.inputs[0].shape = AITemplateParamShape(nullptr, 2);
  REFUSE("input 0", run(2, 2));
  r.inputs[0].shape = AITemplateParamShape(seven, 2);
  REFUSE("is 7; the model was compiled for 0 to 6", run(2, 2));
  r.inputs[0].shape = AITemplateParamShape(negative, 2);
  REFUSE("is -1", run(2, 2));
  r.inputs[0].shape = AITemplateParamShape(transposed, 2);
  REFUSE("is 8", run(2, 2));
  r.inputs[0] = x;
  r.inputs[1].shape = AITemplateParamShape(rows, 2); // x says n is 3
  REFUSE("input 1", run(2, 2));
  r.inputs[1] = z;
  r.inputs[0].ptr = nullptr;
  REFUSE("data is null", run(2, 2));
  r.inputs[0] = x;
  r.outputs[0].ptr = nullptr;
  REFUSE("data is null", run(2, 2));
  r.outputs[0] = y;
  r.outputs[0].dtype = AITemplateDtype::kHalf;
  REFUSE("got float16", run(2, 2));
  r.outputs[0] = y;
  r.outputs[0].shape = AITemplateParamShape(rows, 2);
  REFUSE("fewer elements", run(2, 2));
  r.outputs[0] = y;
  r.shapes[1] = nullptr;
  REFUSE("shape of output 1 is null", run(2, 2));
  r.shapes[1] = r.t_shape;
  float millis = 0;
  REFUSE("must be positive", AITemplateModelContainerBenchmark(model.handle, r.inputs, 2, r.outputs, 2, nullptr, false, 0, 1,
                                                               false, &millis, nullptr));
  REFUSE("is null", AITemplateModelContainerBenchmark(model.handle, r.inputs, 2, r.outputs, 2, nullptr, false, 1, 1, false,
                                                      nullptr, nullptr));
  REFUSE("expected 2 inputs", AITemplateModelContainerBenchmark(model.handle, r.inputs, 1, r.outputs, 2, nullptr, false, 1, 1,
                                                                false, &millis, nullptr));
  REFUSE("outputs are null", AITemplateModelContainerRunWithOutputsOnHost(model.handle, r.inputs, 2, nullptr, 2, nullptr,
                                                                          false, nullptr));
}

// Of a library for GPUs: what would cost the process its GPU.
static void host_memory(Model& model) {
  Request r(3, 1);
  Floats values(48);
  AITData gain(values.data(), AITemplateParamShape(&r.t_shape[1], 1), AITemplateDtype::kFloat);
  r.t_shape[1] = 8;
  REFUSE("constant gain is in the host's memory", AITemplateModelContainerSetConstant(model.handle, "gain", &gain));
  r.outputs[1].ptr = values.data();
  REFUSE("is in the host's memory", r.run(model.handle));
  REFUSE("is in the GPU's memory",
         AITemplateModelContainerRunWithOutputsOnHost(model.handle, r.inputs, 2, r.outputs, 2, nullptr, false, nullptr));
  r.inputs[0].ptr = values.data();
  REFUSE("is in the host's memory", r.run(model.handle));
  REFUSE("constant gain is in the host's memory",
         AITemplateModelContainerSetDoubleBufferConstant(model.handle, nullptr, "gain", &gain));
}

int main() {
  nothing_given();
  Weights h(1);
  DeviceWeights weights(h);
  Model model;
  Request r(4, 2);
  REFUSE("is not set", AITemplateModelContainerFoldConstants(model.handle, nullptr, true));
  REFUSE("is not set", r.run(model.handle));
  model.set(weights);
  SUCCEED(r.run(model.handle));
  no_room_for_the_answer(model.handle);
  no_such_thing(model.handle);
  wrong_constants(model, weights);
  wrong_runs(model);
  if (ait4j_device(nullptr) == AIT4J_CUDA) host_memory(model);
  r.forget();
  SUCCEED(r.run(model.handle));
  CHECK(r.gave(h));
  SUCCEED(AITemplateModelContainerFoldConstants(model.handle, nullptr, true));
  SUCCEED(r.run(model.handle));
  CHECK(r.gave(h)); // no refused constant was taken
  std::puts("every misuse was refused");
}
