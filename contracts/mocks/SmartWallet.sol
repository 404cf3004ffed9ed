// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC1271} from "@openzeppelin/contracts/interfaces/IERC1271.sol";
import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";

/// @title SmartWallet
/// @notice A wallet whose owner signs for it, or that answers every question about signatures badly.
contract SmartWallet is IERC1271 {
    enum Conduct {
        Honest,
        Revert,
        BurnAllGas,
        ReturnMegabyte,
        /// The right answer in fewer bytes than a word.
        ReturnShort
    }

    error Refused();

    address public immutable OWNER;

    Conduct public conduct;

    constructor(address owner) {
        OWNER = owner;
    }

    function set(Conduct conduct_) external {
        conduct = conduct_;
    }

    /// @inheritdoc IERC1271
    function isValidSignature(bytes32 hash, bytes calldata signature) external view returns (bytes4) {
        Conduct conduct_ = conduct;
        require(conduct_ != Conduct.Revert, Refused());
        if (conduct_ == Conduct.BurnAllGas) _burn();
        if (conduct_ == Conduct.ReturnMegabyte) _return(1048576);
        if (conduct_ == Conduct.ReturnShort) _return(4);
        bool isValid = ECDSA.recoverCalldata(hash, signature) == OWNER;
        return isValid ? IERC1271.isValidSignature.selector : bytes4(0xffffffff);
    }

    function _burn() internal pure {
        assembly ("memory-safe") {
            invalid()
        }
    }

    function _return(uint256 length) internal pure {
        bytes4 selector = IERC1271.isValidSignature.selector;
        assembly ("memory-safe") {
            let free := mload(0x40)
            mstore(free, selector)
            return(free, length)
        }
    }
}
