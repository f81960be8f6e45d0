package io.ait4j.fx.torchscript;

import static io.ait4j.fx.torchscript.Scripts.check;
import static io.ait4j.fx.torchscript.Scripts.range;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ait4j.fx.ModelException;
import org.bytedeco.pytorch.Scalar;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Operators that write in place, on tensors and on views of many kinds. */
class InPlaceOperatorsTest {
  private static void run(String forward) {
    check(forward, range(3, 4).add(new Scalar(1)));
  }

  @Test
  void copiesBroadcastAndCast() {
    run(
        """
        def forward(self, x):
            y = torch.zeros([3, 4], dtype=7)
            y.copy_(x[0])
            y[1:].copy_(x[1:].to(4))
            z = torch.zeros([3, 4], dtype=4)
            z[:, 1].copy_(x[:, 1])
            z[0, 0] = x[2, 3]
            return y, z
        """);
  }

  @Test
  void indexedWritesThatAddUp() {
    run(
        """
        def forward(self, x):
            i = torch.tensor([0, 1, 0])
            y = x.clone()
            y.index_put_([i], torch.ones([3, 4]), True)
            y[:, 1:].index_put_([torch.tensor([1, 1])], torch.tensor(2.0), True)
            return y
        """);
  }

  @Test
  void scattersAndIndexedWrites() {
    run(
        """
        def forward(self, x):
            i = torch.tensor([[0, 1, 0, 2], [1, 0, 2, 0]])
            y = x.clone()
            y.scatter_(0, i, 9.0)
            y.scatter_(0, i, x[1:])
            y.scatter_add_(0, i, x[:2])
            y.index_add_(0, torch.tensor([0, 2]), x[:2])
            y.index_copy_(1, torch.tensor([0, 2]), x[:, 1:3])
            y.index_fill_(1, torch.tensor([3]), 4.0)
            y.scatter_reduce_(0, i, x[:2], "amax")
            return y
        """);
  }

  @Test
  void masksOnViews() {
    run(
        """
        def forward(self, x):
            y = x.clone()
            y[:, :2].masked_fill_(x[:, :2] > 3, -1.0)
            y.t()[1:].masked_fill_(x.t()[1:] > 8, 5.0)
            y[1].masked_scatter_(x[1] > 6, x[2])
            return y
        """);
  }

  @Test
  void diagonalsAndWindows() {
    run(
        """
        def forward(self, x):
            y = x.clone()
            y.diagonal().fill_(7)
            y[:, :3].fill_diagonal_(2.0)
            y.unfold(1, 2, 2)[0].add_(1)
            return y
        """);
  }

  @Test
  void windowsThatDoNotOverlap() {
    run(
        """
        def forward(self, x):
            y = x.clone()
            y.unfold(1, 2, 2).mul_(3)
            return y
        """);
  }

  @Test
  void aRowOfAnExpandedView() {
    run(
        """
        def forward(self, x):
            y = torch.zeros([1, 4])
            y.expand(3, 4)[0].add_(x[0])
            return y
        """);
  }

  @Test
  void resultsWrittenToATensorGiven() {
    run(
        """
        def forward(self, x):
            y = torch.empty([3, 4])
            torch.add(x, x, alpha=2, out=y)
            z = torch.zeros([3, 4])
            torch.mul(x, y, out=z)
            return y, z
        """);
  }

  @Test
  void resultsWrittenToAView() {
    run(
        """
        def forward(self, x):
            y = torch.zeros([3, 4])
            torch.add(x[0], x[1], out=y[2])
            return y
        """);
  }

  @Test
  void randomNumbersWrittenOver() {
    run(
        """
        def forward(self, x):
            y = x.clone()
            y.uniform_()
            y.normal_()
            y.bernoulli_(0.5)
            y.zero_()
            return y + x
        """);
  }

  @Test
  void pointwiseOperators() {
    run(
        """
        def forward(self, x):
            y = x.clone()
            y.clamp_(2, 8).sqrt_().pow_(2).round_().floor_().exp_().log_()
            y.addcmul_(x, x).addcdiv_(x, x).lerp_(x, 0.5)
            y.clamp_min_(3).tanh_().sigmoid_()
            return y
        """);
  }

  @Test
  void shapesOfAliases() {
    run(
        """
        def forward(self, x):
            y = x.clone()
            z = y.unsqueeze(0)
            z.squeeze_(0)
            z.add_(1)
            y.transpose_(0, 1)
            y[0] = 0
            return y, z
        """);
  }

  @Test
  void partsOfSplits() {
    run(
        """
        def forward(self, x):
            y = x.clone()
            a, b = y.chunk(2, 1)
            a.add_(b)
            b.zero_()
            for p in y.split(1):
                p.mul_(2)
            for p in y.unbind(1):
                p.add_(1)
            return y, a, b
        """);
  }

  @Test
  void viewsOfManyKinds() {
    run(
        """
        def forward(self, x):
            y = x.clone().unsqueeze(2)
            y.movedim(0, 1)[0].add_(1)
            y.flatten()[3:5].zero_()
            y.view([4, 3])[0].fill_(3)
            y.swapaxes(0, 1).select(1, 1).mul_(2)
            y.unflatten(1, [2, 2])[:, 1].neg_()
            y.narrow(1, 1, 2).abs_()
            y.squeeze(2).mT[0].add_(5)
            return y
        """);
  }

  @Test
  void viewsOfTheSameShape() {
    run(
        """
        def forward(self, x):
            y = x.clone()
            y.expand_as(x).add_(1)
            y.view_as(x)[0] = 3
            y.real.add_(1)
            y.detach().mul_(2)
            y.data.add_(1)
            return y
        """);
  }

  @Test
  void partsOfComplexNumbers() {
    run(
        """
        def forward(self, x):
            y = torch.complex(x, x)
            y.real.add_(1)
            y.imag.mul_(2)
            z = torch.view_as_complex(torch.stack([x, x], -1))
            z.real[0] = 3
            return torch.view_as_real(y), torch.view_as_real(z), y.abs()
        """);
  }

  @Test
  void transposes() {
    run(
        """
        def forward(self, x):
            y = x.clone()
            y.mT[0].add_(1)
            y.T[1].mul_(2)
            y.numpy_T()[0] = 2
            return y
        """);
  }

  @Test
  void activations() {
    run(
        """
        def forward(self, x):
            y = x - 5
            torch.hardtanh_(y, -1.0, 1.0)
            torch.leaky_relu_(y, 0.1)
            torch.elu_(y)
            y = torch.threshold_(y, 0.1, 2.0)
            return y
        """);
  }

  @Test
  void scansAndComparisons() {
    run(
        """
        def forward(self, x):
            y = x.clone()
            y.cumsum_(1)
            y.tril_()
            y.eq_(x)
            y.logical_not_()
            return y
        """);
  }

  @Test
  void products() {
    run(
        """
        def forward(self, x):
            y = torch.zeros([3, 3])
            y.addmm_(x, x.t())
            y.baddbmm_ if False else y
            y.sub_(1, alpha=2)
            y.fill_(x[0, 0])
            return y
        """);
  }

  @Test
  void masksAsIndices() {
    run(
        """
        def forward(self, x):
            y = x.clone()
            y[x > 4] += 10
            y[:, torch.tensor([True, False, True, False])] = 0
            y[x[:, 0] > 2, 1] = x[x[:, 0] > 2, 2]
            return y
        """);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          y.resize_([2, 2]) | aten::resize_
          y.set_(x) | aten::set_
          """)
  void whatChangesTheMemoryItselfIsRefused(String write, String told) {
    assertThatThrownBy(
            () ->
                run(
                    "def forward(self, x):\n    y = x.clone()\n    %s\n    return y\n"
                        .formatted(write)))
        .isInstanceOf(ModelException.class)
        .hasMessageContainingAll(told, "memory");
  }
}
