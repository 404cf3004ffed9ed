// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

/// @notice Where reading stands in a list of code chunks.
struct CodeCursor {
    address[] chunks;
    /// Chunk to read next.
    uint256 chunk;
    /// Byte of its code to read next; zero before its first read.
    uint256 position;
    /// Bytes of its code.
    uint256 size;
}

/// @title CodeStorage
/// @notice Reads data kept as the code of contracts, after a first byte that keeps it from running.
library CodeStorage {
    /// @notice Reads the next `length` bytes to the start of `data`, where they must fit.
    /// @return filled What was read: less than `length` if the chunks end.
    function read(CodeCursor memory self, bytes memory data, uint256 length) internal view returns (uint256 filled) {
        while (filled < length && self.chunk < self.chunks.length) {
            address chunk = self.chunks[self.chunk];
            if (self.position == 0) (self.position, self.size) = (1, chunk.code.length);
            if (self.position >= self.size) {
                (self.chunk, self.position) = (self.chunk + 1, 0);
                continue;
            }

            uint256 position = self.position;
            uint256 taken = length - filled;
            if (taken > self.size - position) taken = self.size - position;
            // data[filled:filled + taken] = chunk.code[position:position + taken]
            assembly ("memory-safe") {
                extcodecopy(chunk, add(add(data, 0x20), filled), position, taken)
            }
            self.position = position + taken;
            filled += taken;
        }
    }
}
