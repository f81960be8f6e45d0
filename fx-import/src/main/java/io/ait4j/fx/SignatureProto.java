package io.ait4j.fx;

import io.ait4j.fx.proto.GuardMessage;
import io.ait4j.fx.proto.MutationMessage;
import io.ait4j.fx.proto.SignatureMessage;
import io.ait4j.fx.proto.StateMessage;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** Signatures as protobuf, and back. */
final class SignatureProto {
  private SignatureProto() {}

  static SignatureMessage toProto(GraphSignature signature) {
    SignatureMessage.Builder message =
        SignatureMessage.newBuilder().addAllOutputNames(signature.outputNames());
    for (GraphSignature.State state : signature.states()) {
      message.addStates(
          StateMessage.newBuilder()
              .setInput(state.input())
              .setOutput(state.output())
              .setWeight(state.initial().name())
              .setWeightMeta(MetaProto.tensor(state.initial().meta())));
    }
    for (GraphSignature.InputMutation mutation : signature.inputMutations()) {
      message.addInputMutations(
          MutationMessage.newBuilder().setInput(mutation.input()).setOutput(mutation.output()));
    }
    for (Guard guard : signature.guards()) {
      message.addGuards(
          GuardMessage.newBuilder()
              .setLeft(DimProto.toProto(guard.left()))
              .setRelation(GuardMessage.Relation.valueOf(guard.relation().name()))
              .setRight(DimProto.toProto(guard.right()))
              .setReason(guard.reason()));
    }
    return message.build();
  }

  /**
   * @param weights data of each state's initial value, by its input's name; an absent one is empty
   */
  static GraphSignature fromProto(
      SignatureMessage message, Function<String, MemorySegment> weights) {
    List<GraphSignature.State> states = new ArrayList<>();
    for (StateMessage state : message.getStatesList()) {
      MemorySegment data = weights.apply(state.getInput());
      states.add(
          new GraphSignature.State(
              state.getInput(),
              state.getOutput(),
              new Weight(
                  state.getWeight(),
                  MetaProto.tensor(state.getWeightMeta()),
                  data == null ? MemorySegment.NULL : data)));
    }
    return new GraphSignature(
        message.getOutputNamesList(),
        states,
        message.getInputMutationsList().stream()
            .map(m -> new GraphSignature.InputMutation(m.getInput(), m.getOutput()))
            .toList(),
        message.getGuardsList().stream()
            .map(
                g ->
                    new Guard(
                        DimProto.fromProto(g.getLeft()),
                        Guard.Relation.valueOf(g.getRelation().name()),
                        DimProto.fromProto(g.getRight()),
                        g.getReason()))
            .toList());
  }
}
