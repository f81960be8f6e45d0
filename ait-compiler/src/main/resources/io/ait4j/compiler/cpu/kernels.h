// All that kernels use, so that a compiler can read it once for many files.
#pragma once
#include "attention.h"
#include "conv.h"
#include "function.h"
#include "gemm.h"
#include "model.h"
#include "reduce.h"
#include "winograd.h"
