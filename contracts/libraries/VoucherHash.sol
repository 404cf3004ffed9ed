// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {VoucherLib} from "../types/Voucher.sol";

/// @title VoucherHash
/// @notice Digests of vouchers from their fields, without a struct in between.
library VoucherHash {
    /// @notice The same as `MessageHashUtils.toTypedDataHash(domain, Voucher(payer, operator, cap).hash())`.
    function hashTyped(
        address payer,
        address operator,
        uint256 cap,
        bytes32 domain
    ) internal pure returns (bytes32 result) {
        bytes32 typeHash = VoucherLib.TYPEHASH;
        assembly ("memory-safe") {
            let free := mload(0x40)
            mstore(free, typeHash)
            mstore(add(free, 0x20), payer)
            mstore(add(free, 0x40), operator)
            mstore(add(free, 0x60), cap)
            mstore(add(free, 0x22), keccak256(free, 0x80))
            mstore(add(free, 0x02), domain)
            mstore8(free, 0x19)
            mstore8(add(free, 0x01), 0x01)
            result := keccak256(free, 0x42)
        }
    }
}
