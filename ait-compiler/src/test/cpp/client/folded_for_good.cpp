// Of a library that brings what was folded, and not the weight that it was folded from, a client may set the others.
#include "client.h"

int main() {
  Weights own(4), other(2);
  own.w = other.w = Floats(32, 0); // what bound.cpp pretends was folded
  DeviceWeights others(other);
  Model model;
  size_t number = 99;
  const char* names[2] = {};
  SUCCEED(AITemplateModelContainerGetNumConstants(model.handle, false, false, &number));
  CHECK(number == 2);
  SUCCEED(AITemplateModelContainerGetConstantNames(model.handle, false, false, names));
  CHECK(names[0] && names[1]);
  for (bool unbound_only : {false, true}) {
    SUCCEED(AITemplateModelContainerGetNumConstants(model.handle, unbound_only, true, &number));
    CHECK(number == 0);
  }
  Request r(5, 3);
  SUCCEED(r.run(model.handle));
  CHECK(r.gave(own));
  REFUSE("--constants updatable", AITemplateModelContainerSetConstant(model.handle, "fc.weight", &others.data[0]));
  SUCCEED(AITemplateModelContainerSetManyConstants(model.handle, others.names.data() + 1, others.data.data() + 1, 2));
  SUCCEED(r.run(model.handle));
  CHECK(r.gave(other));
  // They are swapped, too, for which there is nothing to fold.
  DeviceWeights owns(own);
  SUCCEED(AITemplateModelContainerSetManyDoubleBufferConstants(model.handle, nullptr, owns.names.data() + 1, owns.data.data() + 1, 2));
  SUCCEED(AITemplateModelContainerFoldConstantsInDoubleBuffer(model.handle, nullptr, true));
  SUCCEED(r.run(model.handle));
  CHECK(r.gave(other));
  SUCCEED(AITemplateModelContainerSwapConstants(model.handle));
  SUCCEED(r.run(model.handle));
  CHECK(r.gave(own));
  SUCCEED(AITemplateModelContainerFoldConstants(model.handle, nullptr, true));
  SUCCEED(r.run(model.handle));
  CHECK(r.gave(own));
}
