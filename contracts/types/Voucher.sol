// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

/// @notice "`operator` may collect up to `cap` from my tab, all collections of the channel together."
/// @dev Calldata and memory only; field order is the EIP-712 order.
struct Voucher {
    address payer;
    address operator;
    /// Most that may ever be collected in the channel, in token units.
    uint128 cap;
}

/// @notice "`key` may sign vouchers for me, up to `cap` in a channel, until `expiry`."
/// @dev Calldata and memory only; field order is the EIP-712 order.
struct SessionKey {
    address payer;
    address key;
    /// Operator whose channel it is for; zero for every operator's.
    address operator;
    /// Most that may ever be collected in one channel by vouchers of the key, in token units.
    uint128 cap;
    /// Unix time in seconds from which its vouchers are worthless.
    uint64 expiry;
}

/// @notice "My tab with `operator` shall have been funded with `total`."
/// @dev Calldata and memory only; field order is the EIP-712 order.
struct TabOrder {
    address payer;
    address operator;
    /// Everything ever put into the tab and not returned, in token units: an order that was carried out changes nothing any more.
    uint128 total;
    /// How often the tab was closed before: an order for a tab that was closed is void.
    uint24 epoch;
}

using VoucherLib for Voucher global;
using SessionKeyLib for SessionKey global;
using TabOrderLib for TabOrder global;

/// @title VoucherLib
/// @notice EIP-712 struct hash of a voucher.
library VoucherLib {
    bytes32 internal constant TYPEHASH = keccak256("Voucher(address payer,address operator,uint128 cap)");

    function hash(Voucher memory self) internal pure returns (bytes32) {
        return keccak256(abi.encode(TYPEHASH, self));
    }
}

/// @title SessionKeyLib
/// @notice EIP-712 struct hash of a session key.
library SessionKeyLib {
    bytes32 internal constant TYPEHASH = keccak256(
        "SessionKey(address payer,address key,address operator,uint128 cap,uint64 expiry)"
    );

    function hash(SessionKey memory self) internal pure returns (bytes32) {
        return keccak256(abi.encode(TYPEHASH, self));
    }
}

/// @title TabOrderLib
/// @notice EIP-712 struct hash of a tab order.
library TabOrderLib {
    bytes32 internal constant TYPEHASH = keccak256(
        "TabOrder(address payer,address operator,uint128 total,uint24 epoch)"
    );

    function hash(TabOrder memory self) internal pure returns (bytes32) {
        return keccak256(abi.encode(TYPEHASH, self));
    }
}
