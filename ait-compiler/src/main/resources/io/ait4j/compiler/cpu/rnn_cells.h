// What a step of a recurrent network makes of a unit's gates, on processors and GPUs. Includers have the functions of float:
// `x` are the parts that come from the input, `h` from the last state.
#pragma once

AIT_NAMESPACE_BEGIN

struct Lstm {
  static constexpr int GATES = 4;
  static constexpr bool CELL = true;
  AIT_INLINE static float step(const float* x, const float* h, const float*, float, float& cell) {
    const float input = sigmoid(x[0] + h[0]), forget = sigmoid(x[1] + h[1]), output = sigmoid(x[3] + h[3]);
    cell = forget * cell + input * tanh(x[2] + h[2]);
    return output * tanh(cell);
  }
};

// The bias of the new gate is added to the state's part before it is reset.
struct Gru {
  static constexpr int GATES = 3;
  static constexpr bool CELL = false;
  AIT_INLINE static float step(const float* x, const float* h, const float* bias, float last, float&) {
    const float reset = sigmoid(x[0] + h[0]), update = sigmoid(x[1] + h[1]);
    const float fresh = tanh(x[2] + reset * (h[2] + *bias));
    return (last - fresh) * update + fresh;
  }
};

struct RnnTanh {
  static constexpr int GATES = 1;
  static constexpr bool CELL = false;
  AIT_INLINE static float step(const float* x, const float* h, const float*, float, float&) { return tanh(x[0] + h[0]); }
};

struct RnnRelu {
  static constexpr int GATES = 1;
  static constexpr bool CELL = false;
  AIT_INLINE static float step(const float* x, const float* h, const float*, float, float&) {
    const float sum = x[0] + h[0];
    return sum < 0 ? 0.0f : sum;
  }
};

enum Recurrence { LSTM, GRU, RNN_TANH, RNN_RELU };
template <int KIND> struct CellOf { typedef Lstm type; };
template <> struct CellOf<GRU> { typedef Gru type; };
template <> struct CellOf<RNN_TANH> { typedef RnnTanh type; };
template <> struct CellOf<RNN_RELU> { typedef RnnRelu type; };

AIT_NAMESPACE_END
