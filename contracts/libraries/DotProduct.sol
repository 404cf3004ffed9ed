// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

/// @title DotProduct
/// @notice Dot products of bytes, eight products a multiplication.
/// @dev Masked to every fourth byte, a word is a polynomial in X = 2^32 whose eight coefficients are bytes. One factor has
/// them in reverse order (weights are stored that way), so coefficient 7 of the product is the sum of eight products; it
/// is the top one that fits a word, and higher ones fall off. No carry reaches it: a coefficient is at most
/// 8 · 255² = 520,200, four are added a word, and a block of 2,048 words stays below 2^32 (4,261,478,400).
/// Inputs end with zeros up to the word boundary (`Dense.allocate`), so what pads the weights adds nothing.
library DotProduct {
    /// @dev Every fourth byte.
    uint256 private constant LANES = 0x000000ff000000ff000000ff000000ff000000ff000000ff000000ff000000ff;
    /// @dev Every second byte, and every second pair.
    uint256 private constant BYTES = 0x00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff;
    uint256 private constant PAIRS = 0x0000ffff0000ffff0000ffff0000ffff0000ffff0000ffff0000ffff0000ffff;
    /// @dev The polynomial 1 + X + … + X^7, which sums coefficients.
    uint256 private constant ONES = 0x0000000100000001000000010000000100000001000000010000000100000001;

    /// @notice Σ weight · input over the bytes of `inputs`, both unsigned; weights are in `rows` from `offset`, with the
    /// eight 4-byte groups of every word reversed.
    function products(bytes memory rows, uint256 offset, bytes memory inputs) internal pure returns (uint256 total) {
        // for (uint256 i = 0; i < inputs.length; ++i)
        //     total += uint256(uint8(rows[offset + (i ^ 0x1c)])) * uint8(inputs[i]);
        assembly ("memory-safe") {
            let input := add(inputs, 0x20)
            let end := add(input, and(add(mload(inputs), 0x1f), not(0x1f)))
            // What leads from an input to its weight.
            let weight := sub(add(add(rows, 0x20), offset), input)
            for {} lt(input, end) {} {
                let until := add(input, 0x10000)
                if gt(until, end) {
                    until := end
                }
                let acc := 0
                let w
                let x
                // Four words at a time, and what is left one by one.
                for {
                    let last := sub(until, 0x7f)
                } lt(input, last) {
                    input := add(input, 0x80)
                } {
                    let here := add(input, weight)
                    w := mload(here)
                    x := mload(input)
                    acc := add(
                        add(
                            add(acc, mul(and(w, LANES), and(x, LANES))),
                            mul(and(shr(8, w), LANES), and(shr(8, x), LANES))
                        ),
                        add(
                            mul(and(shr(16, w), LANES), and(shr(16, x), LANES)),
                            mul(and(shr(24, w), LANES), and(shr(24, x), LANES))
                        )
                    )
                    w := mload(add(here, 0x20))
                    x := mload(add(input, 0x20))
                    acc := add(
                        add(
                            add(acc, mul(and(w, LANES), and(x, LANES))),
                            mul(and(shr(8, w), LANES), and(shr(8, x), LANES))
                        ),
                        add(
                            mul(and(shr(16, w), LANES), and(shr(16, x), LANES)),
                            mul(and(shr(24, w), LANES), and(shr(24, x), LANES))
                        )
                    )
                    w := mload(add(here, 0x40))
                    x := mload(add(input, 0x40))
                    acc := add(
                        add(
                            add(acc, mul(and(w, LANES), and(x, LANES))),
                            mul(and(shr(8, w), LANES), and(shr(8, x), LANES))
                        ),
                        add(
                            mul(and(shr(16, w), LANES), and(shr(16, x), LANES)),
                            mul(and(shr(24, w), LANES), and(shr(24, x), LANES))
                        )
                    )
                    w := mload(add(here, 0x60))
                    x := mload(add(input, 0x60))
                    acc := add(
                        add(
                            add(acc, mul(and(w, LANES), and(x, LANES))),
                            mul(and(shr(8, w), LANES), and(shr(8, x), LANES))
                        ),
                        add(
                            mul(and(shr(16, w), LANES), and(shr(16, x), LANES)),
                            mul(and(shr(24, w), LANES), and(shr(24, x), LANES))
                        )
                    )
                }
                for {} lt(input, until) {
                    input := add(input, 0x20)
                } {
                    w := mload(add(input, weight))
                    x := mload(input)
                    acc := add(
                        add(
                            add(acc, mul(and(w, LANES), and(x, LANES))),
                            mul(and(shr(8, w), LANES), and(shr(8, x), LANES))
                        ),
                        add(
                            mul(and(shr(16, w), LANES), and(shr(16, x), LANES)),
                            mul(and(shr(24, w), LANES), and(shr(24, x), LANES))
                        )
                    )
                }
                total := add(total, shr(224, acc))
            }
        }
    }

    /// @notice Sum of the bytes of `inputs`.
    /// @dev Sums of two bytes a word fit 16 bits for 128 words (65,280).
    function sum(bytes memory inputs) internal pure returns (uint256 total) {
        // for (uint256 i = 0; i < inputs.length; ++i) total += uint8(inputs[i]);
        assembly ("memory-safe") {
            let input := add(inputs, 0x20)
            let end := add(input, and(add(mload(inputs), 0x1f), not(0x1f)))
            for {} lt(input, end) {} {
                let until := add(input, 0x1000)
                if gt(until, end) {
                    until := end
                }
                let sums := 0
                for {} lt(input, until) {
                    input := add(input, 0x20)
                } {
                    let x := mload(input)
                    sums := add(sums, add(and(x, BYTES), and(shr(8, x), BYTES)))
                }
                sums := add(and(sums, PAIRS), and(shr(16, sums), PAIRS))
                total := add(total, shr(224, mul(sums, ONES)))
            }
        }
    }
}
