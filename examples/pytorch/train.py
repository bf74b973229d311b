"""A small network for two spirals, which no straight line parts."""
import argparse
import json

import torch
from torch import nn

parser = argparse.ArgumentParser()
parser.add_argument("--learning_rate", type=float)
parser.add_argument("--hidden", type=int)
parser.add_argument("--activation", choices=["ReLU", "Tanh", "GELU"])
parser.add_argument("--weight_decay", type=float)
parser.add_argument("--epochs", type=int)
parser.add_argument("--seed", type=int, default=42)
arguments = parser.parse_args()


def spirals(count):
    label = torch.arange(count) % 2
    turn = torch.rand(count).sqrt() * 9
    angle = turn + label * torch.pi
    points = torch.stack([turn * angle.cos(), turn * angle.sin()], dim=1) / 9 + 0.02 * torch.randn(count, 2)
    return points, label


torch.manual_seed(arguments.seed)
torch.set_num_threads(1)
train, dev = spirals(1000), spirals(500)
activation = getattr(nn, arguments.activation)
model = nn.Sequential(nn.Linear(2, arguments.hidden), activation(), nn.Linear(arguments.hidden, arguments.hidden), activation(), nn.Linear(arguments.hidden, 2))
optimizer = torch.optim.AdamW(model.parameters(), lr=arguments.learning_rate, weight_decay=arguments.weight_decay)
for epoch in range(1, arguments.epochs + 1):
    for batch in torch.randperm(len(train[0])).split(50):
        loss = nn.functional.cross_entropy(model(train[0][batch]), train[1][batch])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    with torch.no_grad():
        accuracy = (model(dev[0]).argmax(1) == dev[1]).float().mean().item()
    print(json.dumps({"step": epoch, "loss": loss.item(), "accuracy": accuracy, "eval_samples": len(dev[0])}), flush=True)
