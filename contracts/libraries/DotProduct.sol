// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

/// @title DotProduct
/// @notice Dot products of bytes, eight products a multiplication.
/// @dev Masked to every fourth byte, a word is a polynomial in X = 2^32 whose eight coefficients are bytes. One factor has
/// them in reverse order (weights are stored that way), so coefficient 7 of the product is the sum of eight products; it
/// is the top one that fits a word, and higher ones fall off. No carry reaches it: a coefficient is at most
/// 8 · 255² = 520,200, four are added a word, and a block of 2,048 words stays below 2^32 (4,261,478,400).
/// Inputs end with zeros up to the word boundary, as Solidity allocates them, so padded weights add nothing.
library DotProduct {
    uint256 internal constant LANES = 0x000000ff000000ff000000ff000000ff000000ff000000ff000000ff000000ff;
    uint256 internal constant ONES = 0x0000000100000001000000010000000100000001000000010000000100000001;
    /// @dev Bytes whose products may be added before they are extracted.
    uint256 internal constant BLOCK = 65_536;

    /// @notice Σ weight · input over the bytes of `inputs`, both unsigned; weights are in `rows` from `offset`, with the
    /// eight 4-byte groups of every word reversed.
    function products(bytes memory rows, uint256 offset, bytes memory inputs) internal pure returns (uint256 total) {
        // for (uint256 i = 0; i < inputs.length; ++i)
        //     total += uint8(rows[offset + (i ^ 0x1c)]) * uint8(inputs[i]);
        assembly ("memory-safe") {
            let lanes := LANES
            let weight := add(add(rows, 0x20), offset)
            let input := add(inputs, 0x20)
            let end := add(input, and(add(mload(inputs), 0x1f), not(0x1f)))
            for {} lt(input, end) {} {
                let until := add(input, BLOCK)
                if gt(until, end) {
                    until := end
                }
                let acc := 0
                for {} lt(input, until) {
                    input := add(input, 0x20)
                    weight := add(weight, 0x20)
                } {
                    let w := mload(weight)
                    let x := mload(input)
                    acc := add(
                        add(
                            add(mul(and(w, lanes), and(x, lanes)), acc),
                            mul(and(shr(8, w), lanes), and(shr(8, x), lanes))
                        ),
                        add(
                            mul(and(shr(16, w), lanes), and(shr(16, x), lanes)),
                            mul(and(shr(24, w), lanes), and(shr(24, x), lanes))
                        )
                    )
                }
                total := add(total, shr(224, acc))
            }
        }
    }

    /// @notice Sum of the bytes of `inputs`.
    function sum(bytes memory inputs) internal pure returns (uint256 total) {
        // for (uint256 i = 0; i < inputs.length; ++i) total += uint8(inputs[i]);
        assembly ("memory-safe") {
            let lanes := LANES
            let input := add(inputs, 0x20)
            let end := add(input, and(add(mload(inputs), 0x1f), not(0x1f)))
            for {} lt(input, end) {} {
                let until := add(input, BLOCK)
                if gt(until, end) {
                    until := end
                }
                let sums := 0
                for {} lt(input, until) {
                    input := add(input, 0x20)
                } {
                    let x := mload(input)
                    sums := add(
                        add(add(and(x, lanes), sums), and(shr(8, x), lanes)),
                        add(and(shr(16, x), lanes), and(shr(24, x), lanes))
                    )
                }
                total := add(total, shr(224, mul(sums, ONES)))
            }
        }
    }
}
