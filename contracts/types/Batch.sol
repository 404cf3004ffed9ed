// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

/// @notice What an operator posts. Calldata only; in the order in which `BatchSettled` logs it.
struct Posting {
    /// Root of the tree of the receipts' ids; zero if there are none.
    bytes32 root;
    /// Receipts under `root`.
    uint64 count;
    /// keccak256 of the batch's data, under which its operator serves it (docs/protocol/receipts.md).
    bytes32 dataHash;
    /// Slot of the operator's ring that the batch goes to.
    uint24 index;
}

/// @notice One payer's part of a batch. Calldata only; four words, because a batch has many.
struct Collection {
    /// From high to low: payer(160) authority(32) sequence(64). `sequence` is the receipt up to which the channel is
    /// collected; `authority` is zero if the payer's key signed the voucher, else one more than the place of its `Authority`.
    uint256 place;
    /// From high to low: cap(128) of the payer's voucher, cumulativeFee(128) of that receipt.
    uint256 fees;
    /// ERC-2098 signature of the voucher.
    bytes32 r;
    bytes32 vs;
}

/// @notice How a payer consents to a voucher that its own key did not sign. Calldata only.
/// @dev The order of the fields gives `settle` the ledger's lowest selector, which the compiled code compares first.
struct Authority {
    /// The payer's signature of the session key, or of the voucher if there is none.
    bytes signature;
    /// Session key that signed the voucher; zero if the payer is a contract that did.
    address key;
    /// `operator`, `cap` and `expiry` of the session key.
    address operator;
    uint128 cap;
    uint64 expiry;
}

/// @notice What became of a collection. Everything but `Collected` left the tab as it was.
enum CollectionStatus {
    Collected,
    /// The payer, or its session key, did not sign the voucher.
    NotSigned,
    /// The session key is for another operator, has expired, or may not spend as much.
    SessionRefused,
    /// `cumulativeFee` exceeds the voucher's cap.
    CapExceeded,
    /// `cumulativeFee` was collected before.
    NothingDue,
    /// The tab holds less.
    TabShort,
    /// The tab's thawing ended.
    TabEnded
}

/// @notice A settled batch: the preimage of the digest that the ledger keeps. Calldata and memory only.
struct Batch {
    address operator;
    /// From high to low: Unix time in seconds at which it was settled(40), slot of the operator's ring that it is in(24).
    uint64 number;
    bytes32 root;
    uint64 count;
    /// keccak256 of its outcomes (docs/protocol/receipts.md).
    bytes32 outcomesHash;
    /// Tokens that wait for the operator.
    uint128 amount;
}

using BatchLib for Batch global;
using CollectionLib for Collection global;

/// @title CollectionLib
/// @notice Reads collections.
library CollectionLib {
    function payer(Collection calldata self) internal pure returns (address) {
        return address(uint160(self.place >> 96));
    }

    function authority(Collection calldata self) internal pure returns (uint256) {
        return uint32(self.place >> 64);
    }

    function cap(Collection calldata self) internal pure returns (uint256) {
        return self.fees >> 128;
    }

    function cumulativeFee(Collection calldata self) internal pure returns (uint256) {
        return uint128(self.fees);
    }
}

/// @title BatchLib
/// @notice Reads and hashes batches.
library BatchLib {
    /// @dev No two batches of an operator have one number: a slot is free again a second after it was used at the earliest.
    function numberOf(uint256 settledAt_, uint256 index_) internal pure returns (uint64) {
        return uint64((settledAt_ << 24) | index_);
    }

    function index(Batch calldata self) internal pure returns (uint256) {
        return uint24(self.number);
    }

    function settledAt(Batch calldata self) internal pure returns (uint64) {
        return self.number >> 24;
    }

    /// @dev What is kept of a batch in its slot.
    function hash(Batch memory self) internal pure returns (bytes32) {
        return keccak256(abi.encode(self));
    }
}
