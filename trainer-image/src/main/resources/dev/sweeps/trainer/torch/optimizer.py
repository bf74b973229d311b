# PyTorch's operations over lists of tensors, which DJL does not bind: one pass over the memory where single operations take ten.
class Script(Module):
  __parameters__ = []
  __buffers__ = []
  training : bool

  def forward(self: __torch__.Script, x: Tensor) -> Tensor:
    return x

  # The Euclidean norm of all tensors as one vector.
  def norm(self: __torch__.Script, tensors: List[Tensor]) -> Tensor:
    return torch.norm(torch.stack(torch._foreach_norm(tensors, 2)), 2)

  def scale_(self: __torch__.Script, tensors: List[Tensor], factor: float) -> int:
    torch._foreach_mul_(tensors, factor)
    return 0

  def add_(self: __torch__.Script, tensors: List[Tensor], more: List[Tensor]) -> int:
    torch._foreach_add_(tensors, more)
    return 0

  # The first one gets the values of the second.
  def copy_(self: __torch__.Script, tensors: List[Tensor]) -> int:
    tensors[0].copy_(tensors[1])
    return 0

  def fill_(self: __torch__.Script, tensors: List[Tensor], value: float) -> int:
    for tensor in tensors:
      tensor.fill_(value)
    return 0

  # Adam without decay; epsilon is added after the bias correction, as PyTorch does it.
  def adam_(self: __torch__.Script, weights: List[Tensor], gradients: List[Tensor], first: List[Tensor], second: List[Tensor], steps: List[Tensor], lr: float, eps: float) -> int:
    none = annotate(List[Tensor], [])
    torch._foreach_add_(steps, 1)
    torch._fused_adamw_(weights, gradients, first, second, none, steps, lr=lr, beta1=0.9, beta2=0.999, weight_decay=0., eps=eps, amsgrad=False, maximize=False, grad_scale=None, found_inf=None)
    return 0
