// A library that brings its constants runs as it is; a client may replace them.
#include "client.h"

static size_t count(const Model& model, bool unbound_only, bool folding_inputs_only) {
  size_t number = 99;
  SUCCEED(AITemplateModelContainerGetNumConstants(model.handle, unbound_only, folding_inputs_only, &number));
  return number;
}

int main() {
  const Weights own(4), other(2);
  DeviceWeights others(other);
  Model model(2);
  CHECK(count(model, false, false) == 3 && count(model, true, false) == 0);
  CHECK(count(model, false, true) == 1 && count(model, true, true) == 0);
  SUCCEED(AITemplateModelContainerGetConstantNames(model.handle, true, false, nullptr)); // none
  Request r(5, 3);
  SUCCEED(r.run(model.handle));
  CHECK(r.gave(own));
  SUCCEED(AITemplateModelContainerSetManyDoubleBufferConstants(model.handle, nullptr, others.names.data(),
                                                               others.data.data(), 3));
  SUCCEED(AITemplateModelContainerFoldConstantsInDoubleBuffer(model.handle, nullptr, true));
  SUCCEED(AITemplateModelContainerSwapConstants(model.handle));
  SUCCEED(r.run(model.handle));
  CHECK(r.gave(other));
  Model second; // which none of that concerns; set before the first run, folded by it
  SUCCEED(AITemplateModelContainerSetConstant(second.handle, "fc.weight", &others.data[0]));
  Weights mixed = own;
  mixed.w = other.w;
  SUCCEED(r.run(second.handle));
  CHECK(r.gave(mixed));
}
