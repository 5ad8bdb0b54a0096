"""What exceptions of NumPy and torch ask for: which sign of which one calls for which next step, first fit first."""

from __future__ import annotations

from typing import Final

SHAPE: Final = r"\([\d, ]{1,60}\)"

ARRAYS: Final[tuple[tuple[str, str, str], ...]] = (
    # Built-in exception, a pattern found in its text, the next step.
    (
        "TypeError",
        r"Cannot cast ufunc '\w+' output from dtype\('(\w+)'\) to dtype\('(\w+)'\)",
        "`+=` and its like keep the array's dtype, here {1}: make the array float64 first, by "
        "`np.zeros(shape)` or `x.astype(np.float64)`",
    ),
    (
        "TypeError",
        r"'(?:numpy\.)?float(?:64)?' object cannot be interpreted as an integer|expected a sequence of integers",
        "sizes and steps are integers: divide with `//`, not `/`",
    ),
    (
        "ValueError",
        rf"operands could not be broadcast together with shapes ({SHAPE}) ({SHAPE})",
        "shapes {0} and {1} can't be combined: print both `.shape`s above this line, and compare from the last axis",
    ),
    (
        "ValueError",
        r"could not broadcast input array from shape (\([\d,]+\)) into shape (\([\d,]+\))",
        "the slice on the left has shape {1}, the values on the right {0}: compare its bounds with the docstring",
    ),
    (
        "ValueError",
        r"matmul: Input operand|shapes \([\d,]+\) and \([\d,]+\) not aligned",
        "a matrix product needs (a, b) @ (b, c): print both `.shape`s, and transpose or reshape one",
    ),
    (
        "ValueError",
        r"cannot reshape array of size (\d+) into shape (\([\d,]+\))",
        "{0} elements can't fill {1}: the new shape must have as many, so look at the axes before it",
    ),
    (
        "ValueError",
        "truth value of an array",
        "`if`, `and`, `or` need one truth, an array holds many: use `np.where`, `&`, `|`, or `.all()` and `.any()`",
    ),
    ("IndexError", r"only integers, slices", "an index must be an integer: divide with `//`, not `/`"),
    (
        "IndexError",
        r"index -?\d+ is out of bounds for axis (\d+) with size (\d+)",
        "axis {0} has {1} entries, numbered from 0: look at where your loop ends",
    ),
    (
        "IndexError",
        "too many indices",
        "the array has fewer axes than indices here: print its `.shape` above this line",
    ),
    (
        "RuntimeError",
        r"must match the size of tensor b",
        "the two tensors' shapes don't fit: print both `.shape`s above this line, and compare from the last axis",
    ),
    (
        "RuntimeError",
        r"mat1 and mat2 shapes cannot be multiplied",
        "the input's last axis must be the layer's `in_features`: print the `.shape` before the layer",
    ),
    (
        "RuntimeError",
        r"a leaf Variable that requires grad",
        "weights can't be changed in place while gradients are recorded: do it inside `with torch.no_grad():`",
    ),
    (
        "AssertionError",
        "not compiled with CUDA",
        "there is no GPU here: leave tensors where they are, without `.cuda()` and `.to('cuda')`",
    ),
    (
        "RuntimeError",
        "NVIDIA driver|CUDA",
        "there is no GPU here: leave tensors where they are, without `.cuda()` and `.to('cuda')`",
    ),
    (
        "NotImplementedError",
        'missing the required "forward" function',
        "the module has no `forward`: write `def forward(self, x)`, spelt so, inside the class",
    ),
    (
        "AttributeError",
        r"before Module\.__init__\(\) call",
        "a module's `__init__` must call `super().__init__()` first",
    ),
    (
        "TypeError",
        "is not a Module subclass",
        "a class stands where a layer is asked for: make one of it, as in `nn.ReLU()`",
    ),
    (
        "TypeError",
        r"must be tuple of Tensors, not Tensor|only integer scalar arrays can be converted to a scalar index",
        "what is put together belongs in one list: `np.concatenate([a, b])`, `torch.cat([a, b], dim=1)`",
    ),
    (
        "TypeError",
        r"Cannot interpret '.{1,60}' as a data type",
        "a shape is one argument: `np.zeros((2, 3))`, with two pairs of brackets",
    ),
    (
        "TypeError",
        r"only (?:0-dimensional|length-1|size-1) arrays can be converted",
        "one number is asked for, and this is an array: index it, or sum or average it first",
    ),
    (
        "TypeError",
        r"ufunc '(\w{1,40})' not supported for the input types",
        "NumPy has no {0} for these dtypes: is `**` meant where `^` stands, or is something here no number?",
    ),
    (
        "ValueError",
        r"axis -?\d+ is out of bounds for array of dimension (\d+)",
        "the array has {0} axes here, numbered from 0: print its `.shape` above this line",
    ),
    (
        "ValueError",
        "inhomogeneous|setting an array element with a sequence",
        "an array's rows must be of one length, and its elements numbers: print what goes into it",
    ),
    ("ValueError", "read-only", "this array can't be written to: change a `.copy()` of it"),
    (
        "ValueError",
        "einstein sum|einsum|subscript",
        "`einsum` wants one letter for each axis of each operand, and one length for each letter: print the `.shape`s",
    ),
    (
        "ValueError",
        "negative dimensions",
        "a size comes out negative: print the sizes above this line, and compare them with the lesson's formula",
    ),
    ("ValueError", "zero-size array", "the array is empty: print the bounds of the slice that it comes from"),
    (
        "ValueError",
        r"all the input array dimensions|must have same number of dimensions|all input arrays must have the same shape",
        "what is put together must have the same shape but for one axis: print the `.shape`s above this line",
    ),
    (
        "IndexError",
        "Dimension out of range",
        "the tensor has fewer axes than that: print its `.shape` above this line",
    ),
    (
        "RuntimeError",
        r"to have (\d+) channels, but got (\d+) channels",
        "the layer was made for {0} channels, and {1} come in: follow the channels from layer to layer",
    ),
    (
        "RuntimeError",
        r"running_mean should contain (\d+) elements not (\d+)",
        "the batch norm was made for {1} channels, and {0} come in: it must know those of the layer before it",
    ),
    (
        "RuntimeError",
        r"Input type \(([\w. ]{1,40})\) and (?:bias|weight) type \(([\w. ]{1,40})\) should be the same",
        "the input is of type {0}, the weights of type {1}: convert one, most often by `.float()`",
    ),
    (
        "RuntimeError",
        r"(?:expected|have) .{0,40}dtype|expected scalar type (\w{1,20}) but found (\w{1,20})",
        "two dtypes meet that torch does not mix: convert one, most often by `.float()`",
    ),
    (
        "RuntimeError",
        r"cannot be converted to Scalar",
        "`.item()` and `float(…)` take one number: index the tensor, or sum or average it first",
    ),
    (
        "RuntimeError",
        "Boolean value of Tensor",
        "`if`, `and`, `or` need one truth, a tensor holds many: use `torch.where`, `&`, `|`, `.all()` or `.any()`",
    ),
    (
        "RuntimeError",
        "view size is not compatible",
        "the numbers don't lie in a row: `.reshape(…)` copies them",
    ),
    (
        "RuntimeError",
        r"shape '\[([\d, -]{1,60})\]' is invalid for input of size (\d+)",
        "{1} elements can't fill [{0}]: the new shape must have as many, so look at the axes before it",
    ),
    (
        "RuntimeError",
        r"Can't call numpy\(\) on Tensor",
        "stay with torch's functions: no gradient flows through NumPy (where none is wanted, `.detach()` comes first)",
    ),
    (
        "RuntimeError",
        "does not require grad and does not have a grad_fn",
        "no weight leads to this tensor: look for `.detach()`, `.item()`, `no_grad()` or NumPy on the way to it",
    ),
    (
        "RuntimeError",
        "backward through the graph a second time",
        "`backward()` was called twice on one graph: compute the loss again before the second call",
    ),
    (
        "RuntimeError",
        "modified by an inplace operation",
        "`+=` and the like changed a tensor that `backward()` still needs: write `y = y + …` instead",
    ),
    (
        "RuntimeError",
        "Kernel size can't be greater than actual input size|Output size is too small",
        "the feature map has become smaller than the window: print its `.shape` before each layer",
    ),
)
