// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

/// @title TileProduct
/// @notice Products of a line of places with a kernel of up to three, for all positions of the line at once.
/// @dev A word is a polynomial in X = 2^24. Ten places of one channel are the coefficients of one factor, what the kernel
/// weighs them with those of the other, last tap first: coefficient 2 of their product is Σ weight · input over the three
/// taps of the first position, coefficient 3 that of the second, and so on up to coefficient 9, the last that is complete;
/// higher ones fall off. With fewer taps more coefficients are complete.
///
/// Weights are signed, so coefficients are, too, and a negative one borrows from the next. A coefficient sums up to three
/// products of at most 128 · 255 a word, and `SEGMENT` holds 80 words: 7,833,600, below 2^23. Adding 2^23 to each
/// coefficient therefore ends all borrowing, and every second one is then added to a field of 48 bits, where 2^23 segments
/// have room: more than memory.
library TileProduct {
    /// @dev Places that a word holds.
    uint256 internal constant PLACES = 10;
    /// @dev Taps that a kernel may have in a line.
    uint256 internal constant TAPS = 3;

    /// @dev Bytes of the words after which coefficients move to wider fields.
    uint256 private constant SEGMENT = 0xa00;
    /// @dev Lowest byte of every coefficient.
    uint256 private constant LOWEST = 0x0000ff0000ff0000ff0000ff0000ff0000ff0000ff0000ff0000ff0000ff;
    /// @dev 2^23 in every coefficient.
    uint256 private constant HALVES = 0x800000800000800000800000800000800000800000800000800000800000;
    /// @dev Every second coefficient, and 2^23 in each of those.
    uint256 private constant FIELDS = 0x000000ffffff000000ffffff000000ffffff000000ffffff000000ffffff;
    uint256 private constant FIELD_HALVES = 0x000000800000000000800000000000800000000000800000000000800000;
    /// @dev 2^47 in every field: what a sum of zero is kept as.
    uint256 private constant ZEROS = 0x800000000000800000000000800000000000800000000000800000000000;
    /// @dev Every eighth byte, and eight bytes.
    uint256 private constant EIGHTH = 0xffffffffffffffff;
    uint256 private constant EIGHTHS = 0x00000000000000ff00000000000000ff00000000000000ff00000000000000ff;

    /// @notice Sets `words[index + c]`, for each channel c of `channels`, to the polynomial of the ten places that
    /// start at byte `offset` of `line`.
    /// @dev Changes up to two words behind them, too. What it reads behind `line` goes there.
    function spreadPlaces(
        bytes memory line,
        uint256 offset,
        uint256 channels,
        uint256[] memory words,
        uint256 index
    ) internal pure {
        // for (uint256 c = 0; c < channels; ++c) {
        //     words[index + c] = 0;
        //     for (uint256 j = 0; j < PLACES; ++j)
        //         words[index + c] += uint256(uint8(line[offset + j * channels + c])) << (24 * j);
        // }
        assembly ("memory-safe") {
            // Three channels lie in one word at first, of which byte 29 − 3j is the first channel of place j.
            let first := add(line, add(offset, 3))
            let step := add(channels, 3)
            let word := add(add(words, 0x20), shl(5, index))
            for {
                let end := add(word, shl(5, channels))
            } lt(word, end) {
                word := add(word, 0x60)
                first := add(first, 3)
            } {
                let at := first
                let three := and(mload(at), 0xffffff)
                at := add(at, step)
                three := or(three, and(mload(at), 0xffffff000000))
                at := add(at, step)
                three := or(three, and(mload(at), 0xffffff000000000000))
                at := add(at, step)
                three := or(three, and(mload(at), 0xffffff000000000000000000))
                at := add(at, step)
                three := or(three, and(mload(at), 0xffffff000000000000000000000000))
                at := add(at, step)
                three := or(three, and(mload(at), 0xffffff000000000000000000000000000000))
                at := add(at, step)
                three := or(three, and(mload(at), 0xffffff000000000000000000000000000000000000))
                at := add(at, step)
                three := or(three, and(mload(at), 0xffffff000000000000000000000000000000000000000000))
                at := add(at, step)
                three := or(three, and(mload(at), 0xffffff000000000000000000000000000000000000000000000000))
                at := add(at, step)
                three := or(three, and(mload(at), 0xffffff000000000000000000000000000000000000000000000000000000))
                mstore(word, and(shr(16, three), LOWEST))
                mstore(add(word, 0x20), and(shr(8, three), LOWEST))
                mstore(add(word, 0x40), and(three, LOWEST))
            }
        }
    }

    /// @notice Sets `count` words of `words` from `index` on to the polynomial of ten places that are all `value`.
    function spreadValue(uint256 value, uint256[] memory words, uint256 index, uint256 count) internal pure {
        uint256 word = value * (LOWEST / 0xff);
        for (uint256 i = index; i < index + count; ++i) words[i] = word;
    }

    /// @notice Sets `words[index + c]`, for each channel c of `depth`, to the polynomial of what a line of the kernel weighs that
    /// channel with: tap t of `taps`, at most three, has weight `rows[offset + (tap ^ 0x1c)]` − 128 with tap = `first` + t · `depth` + c.
    /// @dev `first` and `depth` must be multiples of four. Changes words behind them, too, up to a number that 32 divides, and reads
    /// up to 64 bytes behind the last weight.
    function spreadWeights(
        bytes memory rows,
        uint256 offset,
        uint256 first,
        uint256 depth,
        uint256 taps,
        uint256[] memory words,
        uint256 index
    ) internal pure {
        // for (uint256 c = 0; c < depth; ++c) {
        //     int256 word = 0;
        //     for (uint256 t = 0; t < taps; ++t)
        //         word = (word << 24) + int256(uint256(uint8(rows[offset + ((first + t * depth + c) ^ 0x1c)]))) - 128;
        //     words[index + c] = uint256(word);
        // }
        assembly ("memory-safe") {
            // Weights `tap` to `tap` + 31, their groups in ascending order from the lowest bits on.
            function weightsFrom(row, tap) -> weights {
                row := add(row, and(tap, not(0x1f)))
                tap := shl(3, and(tap, 0x1f))
                weights := or(shr(tap, mload(row)), shl(sub(256, tap), mload(add(row, 0x20))))
            }

            rows := add(add(rows, 0x20), offset)
            let word := add(add(words, 0x20), shl(5, index))
            let end := add(word, shl(5, depth))
            // The 128 that each tap is stored with.
            let zero := shr(mul(24, sub(3, taps)), 0x80000080000080)
            for {} lt(word, end) {
                word := add(word, 0x300)
                first := add(first, 0x20)
            } {
                let a := 0
                let b := 0
                let c := weightsFrom(rows, add(first, mul(depth, sub(taps, 1))))
                if gt(taps, 1) {
                    b := weightsFrom(rows, add(first, mul(depth, sub(taps, 2))))
                }
                if gt(taps, 2) {
                    a := weightsFrom(rows, first)
                }
                // Byte r from below belongs to channel r ^ 3, and every eighth from there on to that channel of the next eight.
                for {
                    let next := add(word, 0x100)
                } lt(word, next) {
                    word := add(word, 0x80)
                    a := shr(32, a)
                    b := shr(32, b)
                    c := shr(32, c)
                } {
                    let four
                    four := or(or(shl(48, and(a, EIGHTHS)), shl(24, and(b, EIGHTHS))), and(c, EIGHTHS))
                    mstore(add(word, 0x60), sub(and(four, EIGHTH), zero))
                    mstore(add(word, 0x160), sub(and(shr(64, four), EIGHTH), zero))
                    mstore(add(word, 0x260), sub(and(shr(128, four), EIGHTH), zero))
                    mstore(add(word, 0x360), sub(shr(192, four), zero))
                    four := or(
                        or(shl(48, and(shr(8, a), EIGHTHS)), shl(24, and(shr(8, b), EIGHTHS))),
                        and(shr(8, c), EIGHTHS)
                    )
                    mstore(add(word, 0x40), sub(and(four, EIGHTH), zero))
                    mstore(add(word, 0x140), sub(and(shr(64, four), EIGHTH), zero))
                    mstore(add(word, 0x240), sub(and(shr(128, four), EIGHTH), zero))
                    mstore(add(word, 0x340), sub(shr(192, four), zero))
                    four := or(
                        or(shl(48, and(shr(16, a), EIGHTHS)), shl(24, and(shr(16, b), EIGHTHS))),
                        and(shr(16, c), EIGHTHS)
                    )
                    mstore(add(word, 0x20), sub(and(four, EIGHTH), zero))
                    mstore(add(word, 0x120), sub(and(shr(64, four), EIGHTH), zero))
                    mstore(add(word, 0x220), sub(and(shr(128, four), EIGHTH), zero))
                    mstore(add(word, 0x320), sub(shr(192, four), zero))
                    four := or(
                        or(shl(48, and(shr(24, a), EIGHTHS)), shl(24, and(shr(24, b), EIGHTHS))),
                        and(shr(24, c), EIGHTHS)
                    )
                    mstore(word, sub(and(four, EIGHTH), zero))
                    mstore(add(word, 0x100), sub(and(shr(64, four), EIGHTH), zero))
                    mstore(add(word, 0x200), sub(and(shr(128, four), EIGHTH), zero))
                    mstore(add(word, 0x300), sub(shr(192, four), zero))
                }
            }
        }
    }

    /// @notice Adds up products of polynomials: for each line i of a kernel and each of its `depth` channels c, that of
    /// `places[starts[start + i] + channel + c]` and `weights[i * depth + c]`.
    /// @dev `depth` must be a multiple of four.
    /// @return even Fields of the coefficients 0, 2, …, 8 of the sum; `coefficientOf` reads them.
    /// @return odd Fields of the coefficients 1, 3, …, 9.
    function products(
        uint256[] memory places,
        uint256[] memory starts,
        uint256 start,
        uint256 channel,
        uint256[] memory weights,
        uint256 lines,
        uint256 depth
    ) internal pure returns (uint256 even, uint256 odd) {
        // for (uint256 i = 0; i < lines; ++i)
        //     for (uint256 c = 0; c < depth; ++c)
        //         sum += places[starts[start + i] + channel + c] * weights[i * depth + c];
        // with each coefficient of the sum on its own
        assembly ("memory-safe") {
            even := ZEROS
            odd := ZEROS
            starts := add(add(starts, 0x20), shl(5, start))
            places := add(add(places, 0x20), shl(5, channel))
            depth := shl(5, depth)
            weights := add(weights, 0x20)
            for {
                lines := add(starts, shl(5, lines))
            } lt(starts, lines) {
                starts := add(starts, 0x20)
            } {
                let place := add(places, shl(5, mload(starts)))
                let last := add(place, depth)
                for {} lt(place, last) {} {
                    let until := add(place, SEGMENT)
                    if gt(until, last) {
                        until := last
                    }
                    let sum := HALVES
                    // Sixteen words at a time, and what is left by four.
                    for {} lt(add(place, 0x1ff), until) {
                        place := add(place, 0x200)
                        weights := add(weights, 0x200)
                    } {
                        sum := add(
                            sum,
                            add(
                                add(
                                    add(
                                        add(
                                            mul(mload(place), mload(weights)),
                                            mul(mload(add(place, 0x20)), mload(add(weights, 0x20)))
                                        ),
                                        add(
                                            mul(mload(add(place, 0x40)), mload(add(weights, 0x40))),
                                            mul(mload(add(place, 0x60)), mload(add(weights, 0x60)))
                                        )
                                    ),
                                    add(
                                        add(
                                            mul(mload(add(place, 0x80)), mload(add(weights, 0x80))),
                                            mul(mload(add(place, 0xa0)), mload(add(weights, 0xa0)))
                                        ),
                                        add(
                                            mul(mload(add(place, 0xc0)), mload(add(weights, 0xc0))),
                                            mul(mload(add(place, 0xe0)), mload(add(weights, 0xe0)))
                                        )
                                    )
                                ),
                                add(
                                    add(
                                        add(
                                            mul(mload(add(place, 0x100)), mload(add(weights, 0x100))),
                                            mul(mload(add(place, 0x120)), mload(add(weights, 0x120)))
                                        ),
                                        add(
                                            mul(mload(add(place, 0x140)), mload(add(weights, 0x140))),
                                            mul(mload(add(place, 0x160)), mload(add(weights, 0x160)))
                                        )
                                    ),
                                    add(
                                        add(
                                            mul(mload(add(place, 0x180)), mload(add(weights, 0x180))),
                                            mul(mload(add(place, 0x1a0)), mload(add(weights, 0x1a0)))
                                        ),
                                        add(
                                            mul(mload(add(place, 0x1c0)), mload(add(weights, 0x1c0))),
                                            mul(mload(add(place, 0x1e0)), mload(add(weights, 0x1e0)))
                                        )
                                    )
                                )
                            )
                        )
                    }
                    for {} lt(place, until) {
                        place := add(place, 0x80)
                        weights := add(weights, 0x80)
                    } {
                        sum := add(
                            sum,
                            add(
                                add(
                                    mul(mload(place), mload(weights)),
                                    mul(mload(add(place, 0x20)), mload(add(weights, 0x20)))
                                ),
                                add(
                                    mul(mload(add(place, 0x40)), mload(add(weights, 0x40))),
                                    mul(mload(add(place, 0x60)), mload(add(weights, 0x60)))
                                )
                            )
                        )
                    }
                    even := add(even, sub(and(sum, FIELDS), FIELD_HALVES))
                    odd := add(odd, sub(and(shr(24, sum), FIELDS), FIELD_HALVES))
                }
            }
        }
    }

    /// @notice Coefficient `index` of the sum whose fields `products` returned.
    function coefficientOf(uint256 even, uint256 odd, uint256 index) internal pure returns (int256 result) {
        // int256(((index % 2 == 0 ? even : odd) >> (48 * (index / 2))) & (2 ** 48 - 1)) - 2 ** 47
        assembly ("memory-safe") {
            let fields := xor(even, mul(xor(even, odd), and(index, 1)))
            result := sub(and(shr(mul(48, shr(1, index)), fields), 0xffffffffffff), 0x800000000000)
        }
    }
}
