// How functions of AITemplate's interface say what went wrong.
#pragma once
#include "aitemplate.h"
#include "container.h"

AIT_NAMESPACE_BEGIN

inline ait4j_model* of(AITemplateModelHandle handle) { return reinterpret_cast<ait4j_model*>(handle); }

// A client that knows AITemplate alone does not ask for the reason, so it goes to stderr as AITemplate's own does.
inline AITemplateError reported(int result) {
  if (result == 0) return AITemplateError::AITemplateSuccess;
  fprintf(stderr, "ait4j: %s\n", last_error);
  return AITemplateError::AITemplateFailure;
}

// An address that a call cannot do without.
struct Needed {
  const void* address;
  const char* what;
};

template <int N> inline int refuse_null(const Needed (&needed)[N]) {
  for (const Needed& n : needed)
    if (!n.address) return error("%s is null", n.what);
  return 0;
}

AIT_NAMESPACE_END
