"""The order of the examples of 37 in three epochs, as run_glue has it on PyTorch 1.5, for BatchOrderTest. Run: python batch_order.py > ../resources/reference/batch_order.json"""
import json

import torch

orders = {}
for seed in (42, 1):
    torch.manual_seed(seed)
    epochs = []
    for _ in range(3):
        torch.empty((), dtype=torch.int64).random_()  # torch/utils/data/dataloader.py: _BaseDataLoaderIter._base_seed
        epochs.append(torch.randperm(37).tolist())  # torch/utils/data/sampler.py: RandomSampler
    orders[str(seed)] = epochs
print(json.dumps(orders))
