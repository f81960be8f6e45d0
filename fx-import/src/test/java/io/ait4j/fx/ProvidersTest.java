package io.ait4j.fx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Providers that cannot be used are named with their jars. */
class ProvidersTest {
  @TempDir private Path jar;

  /** Throws as it is made. */
  public static final class Failing implements OperatorProvider {
    public Failing() {
      throw new IllegalStateException("no licence");
    }

    @Override
    public List<Operator> operators() {
      return List.of();
    }
  }

  /** Gives what it is told. */
  private record Giving(List<Operator> operators) implements OperatorProvider {}

  private static final OperatorProvider.Types TYPES =
      (args, metaOf) -> List.of(TensorMeta.contiguous(DType.FLOAT32, 2));

  /** With {@code line} among the providers. */
  private void listed(String line, ThrowingCallable call) throws Exception {
    Path services = Files.createDirectories(jar.resolve("META-INF/services"));
    Files.writeString(services.resolve(OperatorProvider.class.getName()), line);
    Thread thread = Thread.currentThread();
    ClassLoader before = thread.getContextClassLoader();
    try (URLClassLoader with = new URLClassLoader(new URL[] {url()}, before)) {
      thread.setContextClassLoader(with);
      call.call();
    } catch (Throwable e) {
      throw new AssertionError(e);
    } finally {
      thread.setContextClassLoader(before);
    }
  }

  private URL url() throws MalformedURLException {
    return jar.toUri().toURL();
  }

  private static void refused(ThrowingCallable call, String... parts) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            ModelException.class, e -> assertThat(e.kind()).isEqualTo(ModelException.Kind.USAGE))
        .hasMessageContainingAll(parts);
  }

  @Test
  void oneThatIsNotThere() throws Exception {
    listed(
        "com.example.Missing # comment",
        () -> {
          refused(
              () -> Providers.of(OperatorProvider.class), "com.example.Missing", url() + "META");
          refused(() -> Providers.types(OperatorProvider.class), "com.example.Missing");
        });
  }

  @Test
  void oneThatIsNoProvider() throws Exception {
    String name = OpTarget.class.getName();
    listed(name, () -> refused(() -> Providers.of(OperatorProvider.class), name, url() + "META"));
  }

  @Test
  void oneThatFails() throws Exception {
    String name = Failing.class.getName();
    String place = Failing.class.getProtectionDomain().getCodeSource().getLocation().toString();
    listed(
        name, () -> refused(() -> Providers.of(OperatorProvider.class), name, place, "no licence"));
  }

  @Test
  void aListThatIsNone() throws Exception {
    listed("not a name", () -> refused(() -> Providers.of(OperatorProvider.class), url() + "META"));
  }

  @Test
  void schemasThatAreNone() {
    for (String schema : List.of("", "myops::scale", "scale(Tensor x) -> Tensor", "a::b(Tens")) {
      Giving giving = new Giving(List.of(new OperatorProvider.Operator(schema, TYPES)));
      refused(
          () -> KnownOperators.with(List.of(giving)), Giving.class.getName(), "'" + schema + "'");
    }
  }

  @Test
  void operatorsWithoutTypesOrNone() {
    String schema = "myops::scale(Tensor x) -> Tensor";
    Giving untyped = new Giving(List.of(new OperatorProvider.Operator(schema, null)));
    refused(() -> KnownOperators.with(List.of(untyped)), "myops::scale has no types");
    refused(() -> KnownOperators.with(List.of(new Giving(null))), Giving.class.getName());
  }

  @Test
  void aGoodOneIsTakenAndPyTorchsOwnLeft() {
    String own = "aten::relu(Tensor self) -> Tensor[]";
    String schema = "myops::scale(Tensor x) -> Tensor";
    KnownOperators known =
        KnownOperators.with(
            List.of(
                new Giving(
                    List.of(
                        new OperatorProvider.Operator(schema, TYPES),
                        new OperatorProvider.Operator(own, TYPES)))));
    OpTarget scale = OpTarget.parse("myops::scale");
    assertThat(known.provided()).containsOnlyKeys(scale);
    assertThat(known.extensions()).containsEntry(scale, schema);
    assertThat(known.find(scale).orElseThrow().parameters()).hasSize(1);
    assertThat(known.find(OpTarget.parse("aten::relu")).orElseThrow().toString())
        .isEqualTo("aten::relu(Tensor self) -> Tensor");
  }
}
