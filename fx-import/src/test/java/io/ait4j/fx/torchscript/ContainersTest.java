package io.ait4j.fx.torchscript;

import static io.ait4j.fx.torchscript.Scripts.check;
import static io.ait4j.fx.torchscript.Scripts.range;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ait4j.fx.FxGraph;
import io.ait4j.fx.ModelException;
import org.junit.jupiter.api.Test;

/** Tuples, lists and dictionaries in the code of a model, and as what it returns. */
class ContainersTest {
  @Test
  void partsOfTuples() {
    check(
        """
        def forward(self, x):
            t = (x, x + 1, x * 2, 7)
            a, b = t[1:3]
            return a + b, t[-1], t[-3]
        """,
        range(3));
  }

  @Test
  void dictionaries() {
    check(
        """
        def forward(self, x):
            d = {"a": x, "b": x + 1}
            d["c"] = x * 2
            s = x
            for k in d.keys():
                if k != "a":
                    s = s + d[k]
            for k, v in d.items():
                s = s + v * len(k)
            if "zz" in d:
                s = s * 0
            z = d.pop("a")
            d.update({"q": z})
            w = d.setdefault("r", x * 5)
            g = d.get("b")
            if g is not None:
                s = s + g
            del d["c"]
            return s, len(d), w, list(d.keys())[0] == "b", d.values()
        """,
        range(3));
    assertThatThrownBy(
            () ->
                check(
                    """
                    def forward(self, x):
                        d = {"a": x}
                        return d.pop("b")
                    """,
                    range(3)))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("no key");
  }

  @Test
  void listsOfNumbers() {
    check(
        """
        def forward(self, x):
            l = [3, 1, 2]
            l.sort()
            l.append(5)
            l.insert(0, 9)
            l.extend([7, 8])
            l.reverse()
            k = l.pop(0)
            m = l[1:3] + [k] * 2
            l.remove(5)
            f = [0.5, 0.25]
            f.sort(reverse=True)
            c = l.count(7) + l.index(7)
            return x + m[0] + sum(l) + c + max(l) + f[0], [float(i) for i in m], 3 in m, sorted(l)
        """,
        range(3));
  }

  @Test
  void loopsOverListsAtOnce() {
    check(
        """
        def forward(self, x):
            out = []
            for i, (p, w) in enumerate(zip(torch.split(x, 1), [1.0, 2.0, 3.0])):
                out.append(p * w + i)
            return torch.cat(out)
        """,
        range(3, 2));
  }

  @Test
  void anElementThatDataChooses() {
    check(
        """
        def forward(self, x):
            ws = [x + 1, x + 2]
            y = x
            i = 0
            while bool(y.sum() < 100):
                y = y + ws[i % 2]
                i += 1
            return y
        """,
        range(3));
  }

  @Test
  void aTensorAsAList() {
    check(
        """
        def forward(self, x):
            s: List[List[float]] = x.tolist()
            return x * s[1][0] + s[0][1], len(s)
        """,
        range(3, 2));
  }

  @Test
  void resultsOfAllKinds() {
    FxGraph graph =
        check(
            """
            def forward(self, x):
                return (x, [x[0], x * 2]), {"k": (x, 3)}, x, None, 2.5, True, torch.zeros([2])
            """,
            range(3, 2));
    assertThat(graph.signature().outputNames())
        .containsExactly("0.0", "0.1.0", "0.1.1", "1.k.0", "1.k.1", "2", "4", "5", "6");
    assertThat(
            check("def forward(self, x):\n    return {'mean': x.mean(), 'x': x}\n", range(3))
                .signature()
                .outputNames())
        .containsExactly("mean", "x");
    assertThat(
            check("def forward(self, x):\n    return x, x\n", range(3)).signature().outputNames())
        .isEmpty();
  }
}
