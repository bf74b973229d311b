# BERT (Devlin et al. 2018, arXiv:1810.04805) and DistilBERT (Sanh et al. 2019, arXiv:1910.01108) with a classifier on the first token, over
# tokens without padding: see PackedBatch. This is TorchScript, which PyTorch runs without Python; SequenceClassifier puts the sizes of a
# model where $NAME$ stands, and hands in its parameters as the list w, in the order in which they are declared there.
class Script(Module):
  __parameters__ = []
  __buffers__ = []
  training : bool

  # Everything as it is trained, dropout included. → logits [batch, outputs]
  def training_forward(self: __torch__.Script, ids: Tensor, types: Tensor, positions: Tensor, starts: Tensor, groups: Tensor, slots: List[Tensor], masks: List[Tensor], w: List[Tensor]) -> Tensor:
    return self.logits(ids, types, positions, starts, groups, slots, masks, w, True)

  # The same without dropout.
  def forward(self: __torch__.Script, ids: Tensor, types: Tensor, positions: Tensor, starts: Tensor, groups: Tensor, slots: List[Tensor], masks: List[Tensor], w: List[Tensor]) -> Tensor:
    return self.logits(ids, types, positions, starts, groups, slots, masks, w, False)

  def logits(self: __torch__.Script, ids: Tensor, types: Tensor, positions: Tensor, starts: Tensor, groups: Tensor, slots: List[Tensor], masks: List[Tensor], w: List[Tensor], train: bool) -> Tensor:
    x = self.encode(ids, types, positions, groups, slots, masks, w, train)  # [tokens, hidden]
    head = len(w) - 4
    first = self.linear(x.index_select(0, starts), w, head)  # [batch, hidden]: of each [CLS]
    first = torch.$HEAD_ACTIVATION$(first)
    return self.linear(self.dropout(first, $HEAD_DROPOUT$, train), w, head + 2)

  # Of a scalar by each parameter. Kept in Tensor.grad they would be zeroed and added to: three passes over all of them that nobody needs.
  def gradients(self: __torch__.Script, loss: Tensor, w: List[Tensor]) -> List[Tensor]:
    gradients = annotate(List[Tensor], [])
    for gradient in torch.grad([loss], w, None, None, False, False):
      if gradient is not None:
        gradients.append(gradient.contiguous())
    return gradients

  # → [tokens, hidden]
  def encode(self: __torch__.Script, ids: Tensor, types: Tensor, positions: Tensor, groups: Tensor, slots: List[Tensor], masks: List[Tensor], w: List[Tensor], train: bool) -> Tensor:
    flat = groups.cpu().view([-1])  # Read one by one, and each would be a wait for the GPU.
    sizes = annotate(List[int], [])
    for i in range(3 * len(slots)):
      sizes.append(int(flat[i]))
    x = torch.embedding(w[0], ids) + torch.embedding(w[1], positions)
    norm = 2
    if $TOKEN_TYPES$ > 0:
      x = x + torch.embedding(w[2], types)
      norm = 3
    x = self.dropout(self.layer_norm(x, w, norm), $DROPOUT$, train)
    for layer in range($LAYERS$):
      at = norm + 2 + 16 * layer
      low = self.lowered(x)
      query = self.linear(low, w, at)  # [tokens, hidden], as key and value
      key = self.linear(low, w, at + 2)
      value = self.linear(low, w, at + 4)
      attended = self.linear(self.attention(query, key, value, sizes, slots, masks, train), w, at + 6)
      y = self.layer_norm(self.dropout(attended, $ATTENTION_OUTPUT_DROPOUT$, train) + x, w, at + 8)
      wide = torch.$ACTIVATION$(self.linear(self.lowered(y), w, at + 10))  # [tokens, intermediate]
      narrow = self.linear(wide, w, at + 12)  # [tokens, hidden]
      x = self.layer_norm(self.dropout(narrow, $DROPOUT$, train) + y, w, at + 14)
    return x

  # Group by group: query, key and value [tokens, hidden] → [tokens, hidden], the heads side by side.
  def attention(self: __torch__.Script, query: Tensor, key: Tensor, value: Tensor, sizes: List[int], slots: List[Tensor], masks: List[Tensor], train: bool) -> Tensor:
    attended = annotate(List[Tensor], [])
    start = 0
    for group in range(len(slots)):
      end = start + sizes[3 * group]
      examples = sizes[3 * group + 1]
      longest = sizes[3 * group + 2]
      q = self.heads(query[start:end], slots[group], examples, longest)  # [examples, heads, longest, width]
      k = self.heads(key[start:end], slots[group], examples, longest)
      v = self.heads(value[start:end], slots[group], examples, longest)
      scores = torch.matmul(q * $SCALE$, k.transpose(2, 3))  # [examples, heads, longest, longest]
      if masks[group].numel() > 0:
        scores = scores + masks[group]
      weights = self.dropout(torch.softmax(scores, -1), $ATTENTION_DROPOUT$, train)
      padded = torch.matmul(weights.to(v.dtype), v).transpose(1, 2).reshape([examples * longest, $HIDDEN$])
      if slots[group].numel() > 0:
        padded = padded.index_select(0, slots[group])
      attended.append(padded)
      start = end
    return torch.cat(attended)

  # The tokens of a group, [tokens, hidden] → [examples, heads, longest, width], zero where there is padding.
  def heads(self: __torch__.Script, x: Tensor, slots: Tensor, examples: int, longest: int) -> Tensor:
    padded = x
    if slots.numel() > 0:
      padded = torch.zeros([examples * longest, $HIDDEN$], dtype=x.dtype, device=x.device).index_copy(0, slots, x)
    return padded.view([examples, longest, $HEADS$, $WIDTH$]).transpose(1, 2)

  # In the type of x: with --bf16 the layers' matrix products are bfloat16, everything else and all weights are float32.
  def linear(self: __torch__.Script, x: Tensor, w: List[Tensor], at: int) -> Tensor:
    return torch.linear(x, w[at].to(x.dtype), w[at + 1].to(x.dtype))

  def lowered(self: __torch__.Script, x: Tensor) -> Tensor:
    if $BF16$:
      return x.to(dtype=15)  # bfloat16
    return x

  def layer_norm(self: __torch__.Script, x: Tensor, w: List[Tensor], at: int) -> Tensor:
    return torch.layer_norm(x, [$HIDDEN$], w[at], w[at + 1], $LAYER_NORM_EPSILON$)

  # Each element is zero with this probability (to 16 bits), and the others are scaled up so that their sum is expected to stay. PyTorch draws
  # a number of 32 bits or more for each element, one after the other, which takes a quarter of a step; here four elements share one of 64.
  def dropout(self: __torch__.Script, x: Tensor, probability: float, train: bool) -> Tensor:
    if not train or probability <= 0.:
      return x
    if x.is_cuda:
      return torch.dropout(x, probability, True)
    words = torch.empty([(x.numel() + 3) // 4], dtype=4).random_(-9223372036854775807 - 1, None)  # int64, all of it
    bits = torch.view_copy(words, dtype=2)[0:x.numel()]  # int16, from -32768 to 32767
    dropped = min(max(int(probability * 65536. + 0.5), 1), 65535)
    last = dropped - 32769  # The largest number that drops its element.
    kept = bits.clamp_(last, last + 1).sub_(last)  # 0 or 1, in a fifth of the time of a comparison.
    noise = kept.to(x.dtype).mul_(65536. / (65536. - float(dropped)))
    return x * noise.view(x.size())
