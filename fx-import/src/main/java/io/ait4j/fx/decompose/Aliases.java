package io.ait4j.fx.decompose;

import io.ait4j.fx.OpTarget;

/** Operators that are others by another name: same arguments, same result. */
final class Aliases {
  private static final String TABLE =
      """
      add.Scalar=add.Tensor
      sub.Scalar=sub.Tensor
      mul.Scalar=mul.Tensor
      div.Scalar=div.Tensor
      div.Scalar_mode=div.Tensor_mode
      subtract.Tensor=sub.Tensor
      subtract.Scalar=sub.Tensor
      multiply.Tensor=mul.Tensor
      multiply.Scalar=mul.Tensor
      divide.Tensor=div.Tensor
      divide.Scalar=div.Tensor
      divide.Tensor_mode=div.Tensor_mode
      divide.Scalar_mode=div.Tensor_mode
      true_divide.Tensor=div.Tensor
      true_divide.Scalar=div.Tensor
      floor_divide.Scalar=floor_divide
      remainder.Scalar=remainder.Tensor
      fmod.Scalar=fmod.Tensor
      arctan2=atan2
      negative=neg
      absolute=abs
      fix=trunc
      clip=clamp
      clip.Tensor=clamp.Tensor
      max.other=maximum
      min.other=minimum
      special_expit=sigmoid
      special_erf=erf
      special_expm1=expm1
      special_log1p=log1p
      special_softmax=softmax.int
      special_log_softmax=log_softmax.int
      not_equal.Tensor=ne.Tensor
      not_equal.Scalar=ne.Scalar
      less.Tensor=lt.Tensor
      less.Scalar=lt.Scalar
      less_equal.Tensor=le.Tensor
      less_equal.Scalar=le.Scalar
      greater.Tensor=gt.Tensor
      greater.Scalar=gt.Scalar
      greater_equal.Tensor=ge.Tensor
      greater_equal.Scalar=ge.Scalar
      __and__.Tensor=bitwise_and.Tensor
      __and__.Scalar=bitwise_and.Tensor
      __or__.Tensor=bitwise_or.Tensor
      __or__.Scalar=bitwise_or.Tensor
      __xor__.Tensor=bitwise_xor.Tensor
      __xor__.Scalar=bitwise_xor.Tensor
      bitwise_and.Scalar=bitwise_and.Tensor
      bitwise_or.Scalar=bitwise_or.Tensor
      bitwise_xor.Scalar=bitwise_xor.Tensor
      where.ScalarSelf=where.self
      where.ScalarOther=where.self
      where.Scalar=where.self
      concat=cat
      concatenate=cat
      moveaxis.int=movedim.int
      moveaxis.intlist=movedim.intlist
      swapaxes=transpose.int
      swapdims=transpose.int
      row_stack=vstack
      unsafe_chunk=chunk
      unsafe_split.Tensor=split.Tensor
      unsafe_split_with_sizes=split_with_sizes
      split.sizes=split_with_sizes
      _unsafe_view=reshape
      broadcast_to=expand
      expand_copy=expand
      permute_copy=permute
      transpose_copy.int=transpose.int
      t_copy=t
      unsqueeze_copy=unsqueeze
      squeeze_copy=squeeze
      squeeze_copy.dim=squeeze.dim
      squeeze_copy.dims=squeeze.dims
      slice_copy.Tensor=slice.Tensor
      select_copy.int=select.int
      view_copy=reshape
      ger=outer
      arcsin=asin
      arccos=acos
      arctan=atan
      arcsinh=asinh
      arccosh=acosh
      arctanh=atanh
      special_erfc=erfc
      __lshift__.Tensor=bitwise_left_shift.Tensor
      __lshift__.Scalar=bitwise_left_shift.Tensor_Scalar
      __rshift__.Tensor=bitwise_right_shift.Tensor
      __rshift__.Scalar=bitwise_right_shift.Tensor_Scalar
      bitwise_left_shift.Scalar_Tensor=bitwise_left_shift.Tensor
      bitwise_right_shift.Scalar_Tensor=bitwise_right_shift.Tensor
      _unsafe_index.Tensor=index.Tensor
      split_copy.Tensor=split.Tensor
      split_with_sizes_copy=split_with_sizes
      unbind_copy.int=unbind.int
      diagonal_copy=diagonal
      special_logsumexp=logsumexp
      """;

  private Aliases() {}

  static void addTo(DecompositionTable table) {
    TABLE
        .lines()
        .map(line -> line.split("="))
        .forEach(
            pair ->
                table.addMany(
                    pair[0],
                    r -> r.b().emit(OpTarget.parse("aten::" + pair[1]), r.args(), r.b().source())));
  }
}
