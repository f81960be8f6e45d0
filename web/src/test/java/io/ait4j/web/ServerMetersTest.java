package io.ait4j.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.ait4j.web.jobs.Jobs;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ServerMetersTest {
  @Test
  void theLoadIsAskedForOnceInAScrape() {
    List<String> asked = new ArrayList<>();
    Jobs jobs =
        (Jobs)
            Proxy.newProxyInstance(
                Jobs.class.getClassLoader(),
                new Class<?>[] {Jobs.class},
                (proxy, method, arguments) -> {
                  asked.add(method.getName());
                  return new Jobs.Load(3, 2);
                });
    try (ServerMeters meters = new ServerMeters()) {
      meters.watch(jobs);
      asked.clear();
      assertThat(meters.registry().scrape())
          .contains("ait4j_conversions_queued 3.0")
          .contains("ait4j_conversions_running 2.0");
      assertThat(asked).containsExactly("load");
    }
  }
}
