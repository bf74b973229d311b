"""How run_glue of May 2020 steps, for oracle.py and bench/trainer."""
import torch


class AdamWOfTransformers29(torch.optim.Optimizer):
    """optimization.py of transformers 2.9, which later versions do not have any more."""

    def __init__(self, params, lr, eps, weight_decay):
        super().__init__(params, dict(lr=lr, eps=eps, weight_decay=weight_decay))

    @torch.no_grad()
    def step(self):
        beta1, beta2 = 0.9, 0.999
        for group in self.param_groups:
            for p in group["params"]:
                state = self.state[p]
                if not state:
                    state["step"], state["m"], state["v"] = 0, torch.zeros_like(p), torch.zeros_like(p)
                state["step"] += 1
                state["m"].mul_(beta1).add_(p.grad, alpha=1 - beta1)
                state["v"].mul_(beta2).addcmul_(p.grad, p.grad, value=1 - beta2)
                denominator = state["v"].sqrt().add_(group["eps"])
                size = group["lr"] * (1 - beta2 ** state["step"]) ** 0.5 / (1 - beta1 ** state["step"])
                p.addcdiv_(state["m"], denominator, value=-size)
                if group["weight_decay"] > 0:
                    p.add_(p, alpha=-group["lr"] * group["weight_decay"])


def training_step(model, batch, optimizer, schedule):
    """Trainer._training_step of transformers 2.9 and what follows it, on one batch with labels. Returns the loss."""
    loss = model(**batch).loss
    loss.backward()
    torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
    optimizer.step()
    schedule.step()
    optimizer.zero_grad()
    return loss.item()
