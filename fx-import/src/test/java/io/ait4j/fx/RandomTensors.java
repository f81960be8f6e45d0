package io.ait4j.fx;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/** Tensors of random content in random layouts, under names, and the numbers to go with them. */
public final class RandomTensors {
  public final Random random;
  private final Map<String, Tensor> values = new LinkedHashMap<>();

  public RandomTensors(long seed) {
    random = new Random(seed);
    torch.manual_seed(seed);
  }

  /** All tensors made so far, by name. */
  public Map<String, Tensor> values() {
    return values;
  }

  /** A size, with a liking for the odd cases. */
  public long size() {
    return switch (random.nextInt(8)) {
      case 0 -> 1;
      case 1 -> random.nextInt(3) == 0 ? 0 : 1;
      default -> 2 + random.nextInt(6);
    };
  }

  public long[] shape(int rank) {
    long[] shape = new long[rank];
    for (int i = 0; i < rank; i++) {
      shape[i] = size();
    }
    return shape;
  }

  public DType floating() {
    return random.nextBoolean() ? DType.FLOAT32 : DType.FLOAT64;
  }

  public DType anyType() {
    DType[] types = DType.values();
    return types[random.nextInt(types.length)];
  }

  /** A shape that broadcasts with {@code shape}: sizes replaced by 1, leading ones left out. */
  public long[] broadcastable(long[] shape) {
    int from = random.nextInt(3) == 0 ? random.nextInt(shape.length + 1) : 0;
    long[] result = java.util.Arrays.copyOfRange(shape, from, shape.length);
    for (int i = 0; i < result.length; i++) {
      if (random.nextInt(5) == 0) {
        result[i] = 1;
      }
    }
    return result;
  }

  /** In any layout: row-major, permuted, channels last, with gaps, expanded. */
  public Arg tensor(DType dtype, long... shape) {
    return add(layout(dtype, shape));
  }

  public Arg contiguous(DType dtype, long... shape) {
    return add(content(dtype, shape));
  }

  /** Integers from 0 to below {@code limit}. */
  public Arg indices(DType dtype, long limit, long... shape) {
    return add(torch.randint(0, Math.max(1, limit), shape).to(TorchOracle.scalarType(dtype)));
  }

  public Arg positive(DType dtype, long... shape) {
    return add(content(dtype, shape).abs().add(new Scalar(0.5)));
  }

  public Arg add(Tensor tensor) {
    String name = "x" + values.size();
    values.put(name, tensor);
    return new Arg.Value(name);
  }

  private Tensor layout(DType dtype, long[] shape) {
    int rank = shape.length;
    switch (random.nextInt(6)) {
      case 0, 1:
        List<Integer> order = new ArrayList<>();
        for (int i = 0; i < rank; i++) {
          order.add(i);
        }
        Collections.shuffle(order, random);
        return ordered(dtype, shape, order);
      case 2:
        if (rank == 4) {
          return ordered(dtype, shape, List.of(0, 2, 3, 1));
        }
        if (rank == 5) {
          return ordered(dtype, shape, List.of(0, 2, 3, 4, 1));
        }
        return content(dtype, shape);
      case 3:
        return withGaps(dtype, shape);
      case 4:
        return expanded(dtype, shape);
      default:
        return content(dtype, shape);
    }
  }

  /** Dense, the dimensions in memory in this order from the slowest. */
  private Tensor ordered(DType dtype, long[] shape, List<Integer> order) {
    long[] stored = new long[shape.length];
    long[] back = new long[shape.length];
    for (int i = 0; i < shape.length; i++) {
      stored[i] = shape[order.get(i)];
      back[order.get(i)] = i;
    }
    return content(dtype, stored).permute(back);
  }

  private Tensor withGaps(DType dtype, long[] shape) {
    if (shape.length == 0) {
      return content(dtype, shape);
    }
    int axis = random.nextInt(shape.length);
    long[] larger = shape.clone();
    larger[axis] = 2 * shape[axis] + 1;
    Tensor whole = content(dtype, larger);
    return random.nextBoolean()
        ? whole.narrow(axis, 1, shape[axis])
        : whole.as_strided(shape, doubled(whole, axis));
  }

  private static long[] doubled(Tensor tensor, int axis) {
    long[] strides = new long[(int) tensor.dim()];
    for (int i = 0; i < strides.length; i++) {
      strides[i] = tensor.stride(i) * (i == axis ? 2 : 1);
    }
    return strides;
  }

  private Tensor expanded(DType dtype, long[] shape) {
    long[] smaller = shape.clone();
    for (int i = 0; i < shape.length; i++) {
      if (random.nextInt(3) == 0) {
        smaller[i] = 1;
      }
    }
    return content(dtype, smaller).expand(shape);
  }

  private Tensor content(DType dtype, long[] shape) {
    Tensor tensor =
        dtype.isFloating() || dtype.isComplex()
            ? torch.randn(shape).mul(new Scalar(1.5))
            : torch.randint(dtype == DType.UINT8 ? 0 : -5, 7, shape);
    return dtype == DType.BOOL
        ? tensor.gt(new Scalar(0))
        : tensor.to(TorchOracle.scalarType(dtype));
  }
}
