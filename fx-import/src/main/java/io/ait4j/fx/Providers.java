package io.ait4j.fx;

import java.io.IOException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.security.CodeSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;

/**
 * What jars beside ours add: the providers of a service that {@link ServiceLoader} finds. One that
 * is broken stops whoever asks, since results may depend on it.
 */
public final class Providers {
  private Providers() {}

  /**
   * One of each provider.
   *
   * @throws ModelException (USAGE) naming the provider, its jar and the problem if one cannot be
   *     made
   */
  public static <T> List<T> of(Class<T> service) {
    List<T> made = new ArrayList<>();
    for (ServiceLoader.Provider<T> provider : found(service)) {
      try {
        made.add(provider.get());
      } catch (ServiceConfigurationError | RuntimeException | LinkageError e) {
        throw broken(provider.type(), e);
      }
    }
    return made;
  }

  /**
   * The providers' classes.
   *
   * @throws ModelException (USAGE) as {@link #of} does
   */
  public static <T> List<Class<? extends T>> types(Class<T> service) {
    List<Class<? extends T>> types = new ArrayList<>();
    found(service).forEach(provider -> types.add(provider.type()));
    return types;
  }

  /** The error of a provider, which its user can only do without or replace. */
  public static ModelException broken(Class<?> provider, Throwable problem) {
    CodeSource source = provider.getProtectionDomain().getCodeSource();
    return broken(
        provider.getName() + (source == null ? "" : " in " + source.getLocation()), problem);
  }

  private static ModelException broken(String who, Throwable problem) {
    Throwable cause =
        problem instanceof ServiceConfigurationError && problem.getCause() != null
            ? problem.getCause()
            : problem;
    return new ModelException(
        ModelException.Kind.USAGE,
        "%s adds operators and cannot be used: %s; mend it or take it off the class path"
            .formatted(who, cause),
        problem);
  }

  private static <T> List<ServiceLoader.Provider<T>> found(Class<T> service) {
    try {
      return ServiceLoader.load(service).stream().toList();
    } catch (ServiceConfigurationError | LinkageError e) {
      throw broken("what %s lists".formatted(String.join(" or ", lists(service, e))), e);
    }
  }

  /** The files that list providers: the one whose provider the error names, or else all. */
  private static List<String> lists(Class<?> service, Throwable error) {
    List<String> all = new ArrayList<>();
    List<String> named = new ArrayList<>();
    try {
      ClassLoader loader = Thread.currentThread().getContextClassLoader();
      for (URL list :
          Collections.list(loader.getResources("META-INF/services/" + service.getName()))) {
        all.add(list.toString());
        if (lines(list).stream().anyMatch(String.valueOf(error.getMessage())::contains)) {
          named.add(list.toString());
        }
      }
    } catch (IOException e) {
      error.addSuppressed(e);
    }
    return named.isEmpty() ? all : named;
  }

  private static List<String> lines(URL list) throws IOException {
    try (var in = list.openStream()) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .map(line -> line.replaceFirst("#.*", "").strip())
          .filter(line -> !line.isEmpty())
          .toList();
    }
  }
}
