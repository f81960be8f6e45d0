// Of a library that brings what was folded, and not the weight that it was folded from, a client may set what no fold reads:
// the bias, and not the gain, of which AITemplateClientTest pretends that it was read, too.
#include "client.h"

int main() {
  Weights own(4), other(2), third(9);
  own.w = other.w = third.w = Floats(32, 0); // what bound.cpp pretends was folded
  other.gain = third.gain = own.gain;
  DeviceWeights others(other);
  Model model;
  size_t number = 99;
  const char* names[1] = {};
  SUCCEED(AITemplateModelContainerGetNumConstants(model.handle, false, false, &number));
  CHECK(number == 1);
  SUCCEED(AITemplateModelContainerGetConstantNames(model.handle, false, false, names));
  CHECK(names[0]);
  for (bool unbound_only : {false, true}) {
    SUCCEED(AITemplateModelContainerGetNumConstants(model.handle, unbound_only, true, &number));
    CHECK(number == 0);
  }
  SUCCEED(AITemplateModelContainerFoldConstants(model.handle, nullptr, true)); // clients do, before the first run
  Request r(5, 3);
  SUCCEED(r.run(model.handle));
  CHECK(r.gave(own));
  for (int i : {0, 2}) {
    REFUSE("--constants updatable", AITemplateModelContainerSetConstant(model.handle, others.names[i], &others.data[i]));
    REFUSE("--constants updatable",
           AITemplateModelContainerSetDoubleBufferConstant(model.handle, nullptr, others.names[i], &others.data[i]));
  }
  SUCCEED(AITemplateModelContainerSetConstant(model.handle, names[0], &others.data[1]));
  SUCCEED(AITemplateModelContainerFoldConstants(model.handle, nullptr, true));
  SUCCEED(r.run(model.handle));
  CHECK(r.gave(other));
  {
    DeviceWeights thirds(third); // not kept
    SUCCEED(AITemplateModelContainerSetDoubleBufferConstant(model.handle, nullptr, "fc.bias", &thirds.data[1]));
    SUCCEED(AITemplateModelContainerFoldConstantsInDoubleBuffer(model.handle, nullptr, true));
    SUCCEED(r.run(model.handle));
    CHECK(r.gave(other));
    SUCCEED(AITemplateModelContainerSwapConstants(model.handle));
    thirds.b.write(Floats(4, -77));
    SUCCEED(r.run(model.handle));
    CHECK(r.gave(third));
  }
  SUCCEED(AITemplateModelContainerFoldConstantsInDoubleBuffer(model.handle, nullptr, true)); // of what is set
  SUCCEED(AITemplateModelContainerSwapConstants(model.handle));
  SUCCEED(AITemplateModelContainerSwapConstants(model.handle)); // of nothing
  SUCCEED(r.run(model.handle));
  CHECK(r.gave(third));
}
